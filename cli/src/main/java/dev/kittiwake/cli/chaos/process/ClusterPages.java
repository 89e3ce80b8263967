package dev.kittiwake.cli.chaos.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the placement driver and the stores show over HTTP, read anew each time. */
public final class ClusterPages {
  private static final int PATIENCE_MILLIS = 2_000;

  private final ObjectMapper json = new ObjectMapper();
  private final String pdAddress;

  public ClusterPages(String pdAddress) {
    this.pdAddress = pdAddress;
  }

  /**
   * A region as the placement driver knows it.
   *
   * @param leaderStore the store that leads it; 0 if not known
   * @param startKey hexadecimal, as stored
   * @param endKey the same; empty = no end
   * @param leftOver who has these keys has not reported since a newer region took others
   */
  public record Region(
      long id,
      String startKey,
      String endKey,
      long leaderStore,
      int voters,
      int peers,
      boolean pending,
      boolean leftOver) {}

  /** How far a replica is; see the store's status page. */
  public record Replica(long region, boolean leader, long commit, long applied) {}

  public List<Region> regions() throws IOException {
    List<Region> regions = new ArrayList<>();
    for (JsonNode region : pd("regions").path("regions")) {
      int voters = 0;
      for (JsonNode peer : region.path("peers")) {
        if (peer.path("role_name").asText().equals("Voter")) {
          voters++;
        }
      }
      regions.add(
          new Region(
              region.path("id").asLong(),
              region.path("start_key").asText(),
              region.path("end_key").asText(),
              region.path("leader").path("store_id").asLong(),
              voters,
              region.path("peers").size(),
              region.path("pending_peers").size() > 0,
              region.path("left_over").asBoolean()));
    }
    return regions;
  }

  /** Address to id of the stores that joined. */
  public Map<String, Long> stores() throws IOException {
    Map<String, Long> stores = new LinkedHashMap<>();
    for (JsonNode store : pd("stores").path("stores")) {
      stores.put(
          store.path("store").path("address").asText(), store.path("store").path("id").asLong());
    }
    return stores;
  }

  /** What the placement driver takes a store for, e.g. {@code Up}, {@code Tombstone}. */
  public String storeState(long store) throws IOException {
    return pd("store/" + store).path("store").path("state_name").asText();
  }

  /** Has the placement driver drain a store. */
  public void drain(long store) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://" + pdAddress + "/pd/api/v1/store/" + store)
                .toURL()
                .openConnection();
    connection.setRequestMethod("DELETE");
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    int status = connection.getResponseCode();
    if (status != HttpURLConnection.HTTP_OK) {
      throw new IOException("the placement driver does not drain store " + store + ": " + status);
    }
  }

  /** The replicas on a store; empty if it does not say. */
  public Optional<List<Replica>> replicas(String statusAddress) {
    try {
      JsonNode page = read("http://" + statusAddress + "/status");
      if (!page.has("progress")
          || page.path("progress").isEmpty() && !page.path("regions").isEmpty()) {
        return Optional.empty();
      }
      List<Replica> replicas = new ArrayList<>();
      for (JsonNode one : page.path("progress")) {
        replicas.add(
            new Replica(
                one.path("region").asLong(),
                one.path("leader").asBoolean(),
                one.path("commit").asLong(),
                one.path("applied").asLong()));
      }
      return Optional.of(replicas);
    } catch (IOException away) {
      return Optional.empty();
    }
  }

  private JsonNode pd(String page) throws IOException {
    return read("http://" + pdAddress + "/pd/api/v1/" + page);
  }

  private JsonNode read(String address) throws IOException {
    URLConnection connection = URI.create(address).toURL().openConnection();
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    try (var body = connection.getInputStream()) {
      return json.readTree(body);
    }
  }
}
