package dev.kittiwake.tpcc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * The machine-readable result. Its names are a promise: add, do not rename. Times in milliseconds
 * unless named.
 */
final class ResultJson {
  private static final int FORMAT = 1;

  private final ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private final TpccResult result;

  private ResultJson(TpccResult result) {
    this.result = result;
  }

  static String of(TpccResult result) {
    ResultJson json = new ResultJson(result);
    try {
      return json.mapper.writeValueAsString(json.root()) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain nodes always has a JSON form", e);
    }
  }

  private ObjectNode root() {
    ObjectNode root = mapper.createObjectNode();
    root.put("format", FORMAT);
    root.put("benchmark", "tpcc");
    result.run().ifPresent(run -> root.put("tpmC", round(run.tpmC())));
    result.audit().ifPresent(audit -> root.put("consistent", audit.holds()));
    settings(root.putObject("settings"));
    result.load().ifPresent(load -> load(root.putObject("load"), load));
    result.run().ifPresent(run -> run(root, run));
    result.audit().ifPresent(audit -> audit(root.putObject("consistency"), audit));
    ObjectNode machine = root.putObject("machine");
    result.facts().forEach(machine::put);
    return root;
  }

  private void settings(ObjectNode node) {
    TpccOptions options = result.options();
    node.put("url", options.maskedUrl());
    node.put("warehouses", options.warehouses());
    node.put("terminals", options.terminals());
    node.put("durationSeconds", options.duration().toMillis() / 1e3);
    node.put("warmUpSeconds", options.warmUp().toMillis() / 1e3);
    node.put("keyingAndThinkTimes", options.waits());
    node.put("seed", options.seed());
    node.put("isolation", options.isolation().name().toLowerCase(Locale.ROOT));
    node.put("dialect", options.dialect().name());
    node.put("items", options.scale().items());
    node.put("customersPerDistrict", options.scale().customers());
    node.put("fullScale", options.scale().equals(Scale.FULL));
  }

  private void load(ObjectNode node, LoadResult load) {
    node.put("rows", load.rows());
    node.put("seconds", load.elapsed().toMillis() / 1e3);
  }

  private void run(ObjectNode root, RunResult run) {
    root.put("started", run.started().toString());
    ObjectNode types = root.putObject("transactions");
    for (RunResult.OfType type : run.types()) {
      ObjectNode node = types.putObject(type.type().name().toLowerCase(Locale.ROOT));
      node.put("committed", type.committed());
      node.put("rolledBack", type.rolledBack());
      node.put("retries", type.retries());
      node.put("undetermined", type.undetermined());
      node.put("failed", type.failed());
      node.put("mean", type.latency().mean());
      node.put("p50", type.latency().p50());
      node.put("p90", type.latency().p90());
      node.put("p99", type.latency().p99());
      node.put("p999", type.latency().p999());
      node.put("max", type.latency().max());
    }
    ArrayNode causes = root.putArray("causes");
    for (RunResult.Cause cause : run.causes()) {
      causes
          .addObject()
          .put("cause", cause.cause())
          .put("verdict", cause.verdict().toLowerCase(Locale.ROOT))
          .put("count", cause.count())
          .put("example", cause.example());
    }
    root.put("skippedDeliveries", run.skippedDeliveries());
    root.put("stuckTerminals", run.stuckTerminals());
    ArrayNode series = root.putArray("series");
    for (RunResult.Second second : run.series()) {
      series
          .addObject()
          .put("second", second.second())
          .put("newOrders", second.newOrders())
          .put("transactions", second.transactions())
          .put("errors", second.errors());
    }
  }

  private void audit(ObjectNode node, AuditResult audit) {
    node.put("holds", audit.holds());
    ArrayNode conditions = node.putArray("conditions");
    audit.conditions().forEach(finding -> finding(conditions.addObject(), finding));
    audit.ledger().ifPresent(finding -> finding(node.putObject("ledger"), finding));
  }

  private void finding(ObjectNode node, Finding finding) {
    node.put("clause", finding.clause());
    node.put("title", finding.title());
    node.put("holds", finding.holds());
    node.put("checked", finding.checked());
    node.put("offending", finding.offending());
    ArrayNode examples = node.putArray("examples");
    finding.examples().forEach(examples::add);
  }

  private static double round(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
