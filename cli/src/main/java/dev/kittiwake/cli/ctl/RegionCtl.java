package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeSet;
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
  private static final String EMPTY_KEY = "\"\"";
  private static final String CUT = "..";
  private static final int MAX_TOP = 10_240;
  private static final Map<String, String> ORDERS =
      Map.of(
          "readflow", "/read_bytes",
          "writeflow", "/written_bytes",
          "size", "",
          "keys", "",
          "confver", "",
          "version", "");

  @Mixin private CtlOptions options;

  @Parameters(
      paramLabel = "ID",
      arity = "0..1",
      converter = UnsignedId.class,
      description = "only this one")
  private Long id;

  @Mixin private Width width;

  /** How much of a key is shown. */
  static final class Width {
    @Option(names = "--wide", description = "show whole keys, as they can be pasted")
    private boolean wide;

    private String key(JsonNode row, String pointer) {
      String digits = row.at(pointer).asText();
      if (digits.isEmpty()) {
        return EMPTY_KEY;
      }
      return wide || digits.length() <= KEY_DIGITS ? digits : digits.substring(0, KEY_DIGITS) + CUT;
    }
  }

  private static Table table(Width width) {
    return new Table()
        .column("ID", "/id")
        .column("START", row -> width.key(row, "/start_key"))
        .column("END", row -> width.key(row, "/end_key"))
        .column(
            "EPOCH",
            row -> Table.at(row, "/epoch/conf_ver") + "/" + Table.at(row, "/epoch/version"))
        .column("LEADER", "/leader/store_id")
        .column("STORES", RegionCtl::stores)
        .column("SIZE MiB", "/approximate_size")
        .column("KEYS", "/approximate_keys")
        .column("TROUBLE", RegionCtl::trouble);
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

  private static void list(CtlOptions with, Width width, JsonNode regions) {
    with.show(regions, regions.path("regions"), table(width));
  }

  private static void one(CtlOptions with, Width width, JsonNode region, String what) {
    if (region.isNull()) {
      throw new PdHttp.Failed("no region " + what + " is known");
    }
    with.show(region, CtlOptions.NODES.arrayNode().add(region), table(width));
  }

  @Override
  public void run() {
    if (id == null) {
      list(options, width, options.pd().get("regions"));
    } else {
      String text = Long.toUnsignedString(id);
      one(options, width, options.pd().get("region/id/" + text), text);
    }
  }

  @Command(mixinStandardHelpOptions = true, description = "The region that holds a key, as stored.")
  void key(
      @Mixin CtlOptions with,
      @Mixin Width keys,
      @Parameters(paramLabel = "KEY") String key,
      @Option(names = "--hex", description = "KEY is hexadecimal digits, as START is shown")
          boolean hex) {
    if (!hex) {
      String escaped = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
      one(with, keys, with.pd().get("region/key/" + escaped), "with key '" + key + "'");
      return;
    }
    String digits = key.equals(EMPTY_KEY) ? "" : key;
    if (digits.length() % 2 != 0 || !digits.matches("[0-9A-Fa-f]*")) {
      throw with.wrongUsage(
          digits.endsWith(CUT)
              ? "'" + digits + "' is the beginning of a key: --wide shows whole ones"
              : "'" + digits + "' is not an even number of hexadecimal digits");
    }
    JsonNode region = with.pd().get("region/key/" + digits + "?format=hex");
    one(with, keys, region, "with key '" + digits + "'");
  }

  @Command(mixinStandardHelpOptions = true, description = "The regions with a replica on a store.")
  void store(
      @Mixin CtlOptions with,
      @Mixin Width keys,
      @Parameters(paramLabel = "ID", converter = UnsignedId.class) long store) {
    list(with, keys, with.pd().get("regions/store/" + Long.toUnsignedString(store)));
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = {
        "Regions that are not as they should be:",
        "miss-peer, extra-peer, down-peer, pending-peer, learner-peer, offline-peer, empty-region,",
        "oversized-region, no-leader"
      })
  void check(
      @Mixin CtlOptions with, @Mixin Width keys, @Parameters(paramLabel = "WHAT") String what) {
    list(with, keys, with.pd().get("regions/check/" + what));
  }

  @Command(mixinStandardHelpOptions = true, description = "The neighbours of a region.")
  void sibling(
      @Mixin CtlOptions with,
      @Mixin Width keys,
      @Parameters(paramLabel = "ID", converter = UnsignedId.class) long region) {
    list(with, keys, with.pd().get("regions/sibling/" + Long.toUnsignedString(region)));
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "The first of all by readflow, writeflow, size, keys, confver or version.")
  void top(
      @Mixin CtlOptions with,
      @Mixin Width keys,
      @Parameters(paramLabel = "BY") String by,
      @Option(names = "--limit", defaultValue = "16", description = "default: ${DEFAULT-VALUE}")
          int limit) {
    if (!ORDERS.containsKey(by)) {
      throw with.wrongUsage("'" + by + "' is not one of " + new TreeSet<>(ORDERS.keySet()));
    }
    if (limit < 1 || limit > MAX_TOP) {
      throw with.wrongUsage("--limit must be from 1 to " + MAX_TOP + ", not " + limit);
    }
    JsonNode regions = with.pd().get("regions/" + by + "?limit=" + limit);
    Table table = table(keys);
    if (!ORDERS.get(by).isEmpty()) {
      table.column(by.equals("readflow") ? "READ BYTES" : "WRITTEN BYTES", ORDERS.get(by));
    }
    with.show(regions, regions.path("regions"), table);
  }
}
