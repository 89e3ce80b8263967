package dev.kittiwake.simulation.mutant;

import dev.kittiwake.simulation.run.Plan;
import dev.kittiwake.simulation.run.Report;
import dev.kittiwake.simulation.run.SeedRun;
import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * The other JVM: runs test classes and seeds, with the planted bug before them on its class path.
 */
final class MutantTrial {
  static final int NOTHING_NOTICED = 0;
  static final int KILLED = 10;
  static final int NO_TESTS = 11;

  /** Begins a killer that is not a test but a range of seeds: {@code seeds:1-40}. */
  static final String SEEDS = "seeds:";

  private MutantTrial() {}

  /** Ends with one of the codes above; the first failure is printed. */
  public static void main(String[] killers) {
    List<String> tests = new ArrayList<>();
    int code = NOTHING_NOTICED;
    for (String killer : killers) {
      if (!killer.startsWith(SEEDS)) {
        tests.add(killer);
      }
    }
    if (!tests.isEmpty()) {
      code = test(tests);
    }
    for (String killer : killers) {
      if (code == NOTHING_NOTICED && killer.startsWith(SEEDS)) {
        String[] range = killer.substring(SEEDS.length()).split("-");
        code = seeds(Long.parseLong(range[0]), Long.parseLong(range[range.length - 1]));
      }
    }
    System.exit(code);
  }

  private static int test(List<String> testClasses) {
    LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
    for (String testClass : testClasses) {
      request.selectors(DiscoverySelectors.selectClass(testClass));
    }
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request.build(), listener);
    TestExecutionSummary summary = listener.getSummary();
    summary.getFailures().stream()
        .findFirst()
        .ifPresent(
            failure ->
                System.out.println(
                    failure.getTestIdentifier().getDisplayName() + ": " + failure.getException()));
    if (summary.getTestsFoundCount() == 0) {
      return NO_TESTS;
    }
    return summary.getTotalFailureCount() > 0 ? KILLED : NOTHING_NOTICED;
  }

  private static int seeds(long first, long last) {
    for (long seed = first; seed <= last; seed++) {
      Report report = new SeedRun(Plan.draw(seed)).run();
      if (report.isBroken()) {
        System.out.println("seed " + seed + ": " + report.violations().get(0));
        return KILLED;
      }
    }
    return NOTHING_NOTICED;
  }
}
