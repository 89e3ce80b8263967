package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Regions: where they are, and which are not as they should be. */
@Command(
    name = "region",
    mixinStandardHelpOptions = true,
    subcommands = RegionVerify.class,
    description = "All regions in the order of their keys, or one of them.")
final class RegionCtl implements Runnable {
  private static final int KEY_DIGITS = 24;

  @Mixin private CtlOptions options;

  @Parameters(paramLabel = "ID", arity = "0..1", description = "only this one")
  private Long id;

  private static Table table() {
    return new Table()
        .column("ID", "/id")
        .column("START", row -> key(row, "/start_key"))
        .column("END", row -> key(row, "/end_key"))
        .column(
            "EPOCH",
            row -> Table.at(row, "/epoch/conf_ver") + "/" + Table.at(row, "/epoch/version"))
        .column("LEADER", "/leader/store_id")
        .column("STORES", RegionCtl::stores)
        .column("SIZE MiB", "/approximate_size")
        .column("KEYS", "/approximate_keys")
        .column("TROUBLE", RegionCtl::trouble);
  }

  private static String key(JsonNode row, String pointer) {
    String digits = row.at(pointer).asText();
    if (digits.isEmpty()) {
      return "\"\"";
    }
    return digits.length() <= KEY_DIGITS ? digits : digits.substring(0, KEY_DIGITS) + "..";
  }

  private static String stores(JsonNode row) {
    return StreamSupport.stream(row.path("peers").spliterator(), false)
        .map(
            peer ->
                peer.path("store_id").asText() + (peer.path("is_learner").asBoolean() ? "L" : ""))
        .collect(Collectors.joining(","));
  }

  private static String trouble(JsonNode row) {
    int down = row.path("down_peers").size();
    int pending = row.path("pending_peers").size();
    String text =
        (row.path("leader").isMissingNode() ? "no leader " : "")
            + (down > 0 ? down + " down " : "")
            + (pending > 0 ? pending + " pending" : "");
    return text.isBlank() ? "-" : text.strip();
  }

  private static void list(CtlOptions with, JsonNode regions) {
    with.show(regions, regions.path("regions"), table());
  }

  private static void one(CtlOptions with, JsonNode region, String what) {
    if (region.isNull()) {
      throw new PdHttp.Failed("no region " + what + " is known");
    }
    with.show(region, CtlOptions.NODES.arrayNode().add(region), table());
  }

  @Override
  public void run() {
    if (id == null) {
      list(options, options.pd().get("regions"));
    } else {
      String text = Long.toUnsignedString(id);
      one(options, options.pd().get("region/id/" + text), text);
    }
  }

  @Command(mixinStandardHelpOptions = true, description = "The region that holds a key, as stored.")
  void key(@Mixin CtlOptions with, @Parameters(paramLabel = "KEY") String key) {
    String escaped = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
    one(with, with.pd().get("region/key/" + escaped), "with key '" + key + "'");
  }

  @Command(mixinStandardHelpOptions = true, description = "The regions with a replica on a store.")
  void store(@Mixin CtlOptions with, @Parameters(paramLabel = "ID") long store) {
    list(with, with.pd().get("regions/store/" + Long.toUnsignedString(store)));
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = {
        "Regions that are not as they should be:",
        "miss-peer, extra-peer, down-peer, pending-peer, learner-peer, offline-peer, empty-region,",
        "oversized-region, no-leader"
      })
  void check(@Mixin CtlOptions with, @Parameters(paramLabel = "WHAT") String what) {
    list(with, with.pd().get("regions/check/" + what));
  }

  @Command(mixinStandardHelpOptions = true, description = "The neighbours of a region.")
  void sibling(@Mixin CtlOptions with, @Parameters(paramLabel = "ID") long region) {
    list(with, with.pd().get("regions/sibling/" + Long.toUnsignedString(region)));
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "The first of all by readflow, writeflow, size, keys, confver or version.")
  void top(
      @Mixin CtlOptions with,
      @Parameters(paramLabel = "BY") String by,
      @Option(names = "--limit", defaultValue = "16", description = "default: ${DEFAULT-VALUE}")
          int limit) {
    list(with, with.pd().get("regions/" + by + "?limit=" + limit));
  }
}
