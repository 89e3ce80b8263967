package dev.kittiwake.simulation.mutant;

import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The other JVM: runs test classes, with the planted bug before them on its class path. */
final class MutantTrial {
  static final int NOTHING_NOTICED = 0;
  static final int KILLED = 10;
  static final int NO_TESTS = 11;

  private MutantTrial() {}

  /** Ends with one of the codes above; the first failure is printed. */
  public static void main(String[] testClasses) {
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
    int code = summary.getTotalFailureCount() > 0 ? KILLED : NOTHING_NOTICED;
    System.exit(summary.getTestsFoundCount() == 0 ? NO_TESTS : code);
  }
}
