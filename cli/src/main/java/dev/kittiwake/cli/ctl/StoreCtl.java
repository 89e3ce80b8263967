package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Stores: what they hold, and how much they may be given. */
@Command(
    name = "store",
    mixinStandardHelpOptions = true,
    description = "All stores, or one of them.")
final class StoreCtl implements Runnable {
  @Mixin private CtlOptions options;

  @Parameters(
      paramLabel = "ID",
      arity = "0..1",
      converter = UnsignedId.class,
      description = "only this one")
  private Long id;

  private static Table table() {
    return new Table()
        .column("ID", "/store/id")
        .column("ADDRESS", "/store/address")
        .column("STATE", "/store/state_name")
        .column("LEADERS", "/status/leader_count")
        .column("REGIONS", "/status/region_count")
        .column("CAPACITY", "/status/capacity")
        .column("AVAILABLE", "/status/available")
        .column("LABELS", StoreCtl::labels)
        .column("LAST HEARTBEAT", "/status/last_heartbeat_ts");
  }

  private static String labels(JsonNode row) {
    String labels =
        StreamSupport.stream(row.at("/store/labels").spliterator(), false)
            .map(label -> label.path("key").asText() + "=" + label.path("value").asText())
            .collect(Collectors.joining(","));
    return labels.isEmpty() ? "-" : labels;
  }

  @Override
  public void run() {
    if (id == null) {
      JsonNode stores = options.pd().get("stores");
      options.show(stores, stores.path("stores"), table());
    } else {
      JsonNode store = options.pd().get("store/" + Long.toUnsignedString(id));
      options.show(store, CtlOptions.NODES.arrayNode().add(store), table());
    }
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Drain a store: its replicas move away, then it is a tombstone.")
  void delete(
      @Mixin CtlOptions with,
      @Parameters(paramLabel = "ID", converter = UnsignedId.class) long store) {
    with.tell(with.pd().send("DELETE", "store/" + Long.toUnsignedString(store), null));
  }

  @Command(
      name = "remove-tombstone",
      mixinStandardHelpOptions = true,
      description = "Forget the stores that are drained and gone. They can never come back.")
  void removeTombstones(@Mixin CtlOptions with) {
    with.tell(with.pd().send("DELETE", "stores/remove-tombstone", null));
  }

  @Command(
      name = "cancel-delete",
      mixinStandardHelpOptions = true,
      description = "Stop draining a store.")
  void cancelDelete(
      @Mixin CtlOptions with,
      @Parameters(paramLabel = "ID", converter = UnsignedId.class) long store) {
    with.tell(
        with.pd().send("POST", "store/" + Long.toUnsignedString(store) + "/state?state=Up", null));
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Set labels of a store; an empty value removes one.")
  void label(
      @Mixin CtlOptions with,
      @Parameters(paramLabel = "ID", index = "0", converter = UnsignedId.class) long store,
      @Parameters(paramLabel = "KEY=VALUE", index = "1..*", arity = "1..*") List<String> labels) {
    Map<String, String> parsed = new LinkedHashMap<>();
    for (String label : labels) {
      int equals = label.indexOf('=');
      if (equals <= 0) {
        throw with.wrongUsage("'" + label + "' is not a label: write key=value");
      }
      parsed.put(label.substring(0, equals), label.substring(equals + 1));
    }
    ObjectNode body = CtlOptions.body();
    parsed.forEach(body::put);
    with.tell(with.pd().send("POST", "store/" + Long.toUnsignedString(store) + "/label", body));
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Set which share of leaders and regions a store gets; 1 is a whole share.")
  void weight(
      @Mixin CtlOptions with,
      @Parameters(paramLabel = "ID", index = "0", converter = UnsignedId.class) long store,
      @Parameters(paramLabel = "LEADERS", index = "1") double leaders,
      @Parameters(paramLabel = "REGIONS", index = "2") double regions) {
    with.tell(
        with.pd()
            .send(
                "POST",
                "store/" + Long.toUnsignedString(store) + "/weight",
                CtlOptions.body().put("leader", leaders).put("region", regions)));
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "How many replicas a minute may be added to and removed from stores.")
  void limit(
      @Mixin CtlOptions with,
      @Parameters(paramLabel = "ID", index = "0", arity = "0..1", converter = UnsignedId.class)
          Long store,
      @Parameters(paramLabel = "RATE", index = "1", arity = "0..1") Double rate,
      @Parameters(paramLabel = "add-peer|remove-peer", index = "2", arity = "0..1") String type) {
    if (rate == null) {
      showLimits(with, with.pd().get("stores/limit"), store);
      return;
    }
    ObjectNode body = CtlOptions.body().put("rate", rate);
    if (type != null) {
      body.put("type", type);
    }
    with.tell(with.pd().send("POST", "store/" + Long.toUnsignedString(store) + "/limit", body));
  }

  private static void showLimits(CtlOptions with, JsonNode all, Long only) {
    JsonNode limits = all;
    if (only != null) {
      String id = Long.toUnsignedString(only);
      if (!all.has(id)) {
        throw new PdHttp.Failed("no store " + id + " is known");
      }
      limits = CtlOptions.body().set(id, all.path(id));
    }
    ArrayNode rows = CtlOptions.NODES.arrayNode();
    limits
        .fields()
        .forEachRemaining(
            store -> {
              ObjectNode row = rows.addObject().put("store", store.getKey());
              row.set("add", store.getValue().path("add-peer"));
              row.set("remove", store.getValue().path("remove-peer"));
            });
    with.show(
        limits,
        rows,
        new Table()
            .column("STORE", "/store")
            .column("ADDED A MINUTE", "/add")
            .column("REMOVED A MINUTE", "/remove"));
  }
}
