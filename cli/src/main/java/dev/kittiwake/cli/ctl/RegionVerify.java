package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.rpc.StoreControl;
import dev.kittiwake.proto.store.VerifyRegionResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Has the leaders of regions compare their replicas. Ends with 1 unless all of them hold the same.
 */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Compares the replicas of a region, or of all, by a hash over their data. A replica that"
          + " differs from the most serves nothing from then on, and is replaced.",
      "The exit status is 0 if all replicas of all regions named hold the same, else 1."
    })
final class RegionVerify implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int ATTEMPTS = 5;

  @Mixin private CtlOptions options;

  @Parameters(
      paramLabel = "ID",
      arity = "0..1",
      converter = UnsignedId.class,
      description = "of the region")
  private Long id;

  @Option(names = "--all", description = "all regions, one after another")
  private boolean all;

  @Override
  public Integer call() {
    if (all == (id != null)) {
      throw options.wrongUsage("Name one region, or say --all.");
    }
    PdHttp pd = options.pd();
    ArrayNode regions = CtlOptions.NODES.arrayNode();
    if (all) {
      pd.get("regions").path("regions").forEach(regions::add);
    } else {
      JsonNode region = pd.get("region/id/" + Long.toUnsignedString(id));
      if (region.isNull()) {
        throw new PdHttp.Failed("no region " + Long.toUnsignedString(id) + " is known");
      }
      regions.add(region);
    }
    ArrayNode verdicts = CtlOptions.NODES.arrayNode();
    regions.forEach(region -> verdicts.add(verdict(pd, region)));
    options.show(verdicts, verdicts, table());
    return StreamSupport.stream(verdicts.spliterator(), false).allMatch(RegionVerify::isGood)
        ? 0
        : 1;
  }

  private static Table table() {
    return new Table()
        .column("REGION", "/region_id")
        .column("CONCLUSION", "/conclusion")
        .column("DAMAGED PEERS", row -> list(row.path("damaged_peers")))
        .column("INDEX", "/index")
        .column("ANSWERED", row -> Integer.toString(row.path("hashes").size()));
  }

  private static String list(JsonNode peers) {
    String text =
        StreamSupport.stream(peers.spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.joining(","));
    return text.isEmpty() ? "-" : text;
  }

  private static boolean isGood(JsonNode verdict) {
    return verdict.path("conclusion").asText().equals("same");
  }

  /** Asks the store that leads the region; once more where it leads no longer. */
  private JsonNode verdict(PdHttp pd, JsonNode region) {
    String regionId = region.path("id").asText();
    JsonNode known = region;
    ObjectNode verdict = unanswered(regionId, "not_done");
    for (int i = 0; i < ATTEMPTS && verdict.path("conclusion").asText().equals("not_done"); i++) {
      known = i == 0 ? known : pd.get("region/id/" + regionId);
      if (known.isNull()) {
        return unanswered(regionId, "the region has become part of another");
      }
      verdict = ask(pd, regionId, known.path("leader").path("store_id").asText("0"));
    }
    return verdict;
  }

  private static ObjectNode ask(PdHttp pd, String regionId, String store) {
    if (store.equals("0")) {
      return unanswered(regionId, "no leader is known");
    }
    String address = pd.get("store/" + store).path("store").path("address").asText();
    try (StoreControl control = new StoreControl(address)) {
      VerifyRegionResponse answer =
          control.verifyRegion(Long.parseUnsignedLong(regionId), PATIENCE.toMillis());
      ObjectNode verdict =
          unanswered(regionId, answer.getConclusion().name().toLowerCase(Locale.ROOT))
              .put("index", answer.getIndex());
      ArrayNode damaged = verdict.putArray("damaged_peers");
      answer.getDamagedPeersList().forEach(damaged::add);
      ObjectNode hashes = verdict.putObject("hashes");
      answer
          .getHashesList()
          .forEach(
              one -> hashes.put(Long.toString(one.getPeerId()), Long.toHexString(one.getHash())));
      return verdict;
    } catch (KvException failure) {
      return unanswered(regionId, failure.getMessage());
    }
  }

  private static ObjectNode unanswered(String regionId, String why) {
    return CtlOptions.body().put("region_id", regionId).put("conclusion", why);
  }
}
