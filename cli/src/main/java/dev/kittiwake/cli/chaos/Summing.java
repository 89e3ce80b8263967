package dev.kittiwake.cli.chaos;

import dev.kittiwake.cli.chaos.report.Outages;
import dev.kittiwake.cli.chaos.report.Outcome;
import dev.kittiwake.cli.chaos.report.Waits;
import dev.kittiwake.cli.chaos.workload.Clients;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts the figures of a run together. */
final class Summing {
  private final ChaosOptions options;
  private final Workers workers;
  private final MachineLoad load;
  private final List<String> skipped;

  Summing(ChaosOptions options, Workers workers, MachineLoad load, List<String> skipped) {
    this.options = options;
    this.workers = workers;
    this.load = load;
    this.skipped = skipped;
  }

  Outcome outcome(
      List<Event> events, List<Long> leavings, List<Finding> findings, long begun, long ended) {
    int seconds = (int) (ended / 1_000);
    List<Outcome.Series> series = new ArrayList<>();
    List<Outcome.Outage> outages = new ArrayList<>();
    int from = (int) (begun / 1_000) + 2; // the first seconds belong to the start
    if (workers.tpcc().isPresent()) {
      series.add(
          new Outcome.Series(
              "TPC-C", workers.orders().done(seconds), workers.orders().failed(seconds)));
      outages.addAll(Outages.of("TPC-C", workers.orders().done(seconds), from, seconds));
    }
    if (!workers.crews().isEmpty() || workers.ledger().isPresent()) {
      series.add(
          new Outcome.Series(
              "key-value", workers.actions().done(seconds), workers.actions().failed(seconds)));
      outages.addAll(Outages.of("key-value", workers.actions().done(seconds), from, seconds));
    }
    return new Outcome(
        facts(events, begun, ended),
        skipped,
        events,
        findings,
        begun,
        ended,
        series,
        waits(leavings),
        outages);
  }

  private List<Waits> waits(List<Long> leavings) {
    List<Waits> waits = new ArrayList<>();
    waits.add(new Waits("fail-over of a region", workers.pulses().waits()));
    workers.tpcc().ifPresent(tpcc -> waits.add(new Waits("fail-over of TPC-C", tpcc.waits())));
    if (!leavings.isEmpty()) {
      waits.add(new Waits("leaders leave a hung disk", leavings));
    }
    return waits;
  }

  private Map<String, Object> facts(List<Event> events, long begun, long ended) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("seed", options.seed());
    facts.put("stores", options.ownCluster() ? options.stores() : options.against());
    facts.put("faults", events.size());
    facts.put("minutes", Math.round((ended - begun) / 600.0) / 100.0);
    if (!events.isEmpty()) {
      long total = events.get(events.size() - 1).endMillis() - events.get(0).startMillis();
      facts.put("secondsPerFault", Math.round(total / 10.0 / events.size()) / 100.0);
    }
    workers
        .tpcc()
        .ifPresent(
            tpcc -> {
              facts.put("tpccNewOrdersAcknowledged", tpcc.newOrders());
              facts.put("tpccTransactions", workers.orders().allDone());
              facts.put("tpccFailedTries", workers.orders().allFailed());
              facts.put("tpccTerminals", options.terminals());
            });
    for (Clients crew : workers.crews()) {
      facts.put(crew.load().name() + "Operations", crew.history().size());
    }
    workers.ledger().ifPresent(ledger -> facts.put("ledger", ledger.summary()));
    workers
        .ledger()
        .ifPresent(ledger -> facts.put("ledgerWritesUndetermined", ledger.undetermined()));
    workers.tiling().ifPresent(tiling -> facts.put("regions", tiling.summary()));
    facts.put("keyValueFailed", workers.actions().allFailed());
    facts.put("processors", Runtime.getRuntime().availableProcessors());
    facts.put("loadAverageMean", Math.round(load.mean() * 100) / 100.0);
    facts.put("loadAverageMax", load.max());
    facts.put("java", System.getProperty("java.version"));
    return facts;
  }
}
