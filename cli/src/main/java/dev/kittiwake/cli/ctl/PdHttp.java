package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** The placement driver over HTTP. Any member will do: followers pass on what is not theirs. */
final class PdHttp {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int OK = 200;
  private static final int LOST_ON_THE_WAY = 502; // between the member and the leader
  private static final int NO_LEADER = 503; // so nothing was done
  private static final long LOOK_AGAIN_MILLIS = 200;

  private final List<URI> members;
  private final LongSupplier nanos;
  private final LongConsumer pauseMillis;
  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();

  /**
   * @param addresses host:port of members, with or without http://
   * @param nanos a clock that never goes back
   * @param pauseMillis waits so long
   * @throws IllegalArgumentException for an address that is none
   */
  PdHttp(List<String> addresses, LongSupplier nanos, LongConsumer pauseMillis) {
    this.members = addresses.stream().map(PdHttp::member).toList();
    this.nanos = nanos;
    this.pauseMillis = pauseMillis;
  }

  private static URI member(String address) {
    try {
      URI url = URI.create(address.contains("://") ? address : "http://" + address);
      if (url.getHost() != null && url.getPort() > 0) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      throw notAnAddress(address, e);
    }
    throw notAnAddress(address, null);
  }

  private static IllegalArgumentException notAnAddress(String address, Throwable cause) {
    return new IllegalArgumentException(
        "'" + address + "' is not an address of a placement driver: write host:port", cause);
  }

  /** Told to the user as it is. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(String message) {
      super(message);
    }
  }

  JsonNode get(String path) {
    return send("GET", path, null);
  }

  /**
   * Asks one member after the other until one answers. If they are there and only have no leader
   * they are asked again for a while: they are about to elect one.
   *
   * @param path below /pd/api/v1/
   * @param body null: none
   * @throws Failed with one line that says what is wrong
   */
  JsonNode send(String method, String path, JsonNode body) {
    long end = nanos.getAsLong() + PATIENCE.toNanos();
    while (true) {
      Round round = ask(method, path, body);
      if (round.answer != null) {
        return round.answer;
      }
      if (!round.electing || nanos.getAsLong() - end > 0) {
        throw new Failed(
            "the placement driver does not answer ("
                + round.complaint
                + "): check --pd, and that it runs");
      }
      pauseMillis.accept(LOOK_AGAIN_MILLIS);
    }
  }

  /**
   * What came of asking all members once.
   *
   * @param answer null if nobody had one
   * @param complaint of the last one
   * @param electing whether asking again may help, and can do no harm
   */
  private record Round(JsonNode answer, String complaint, boolean electing) {}

  private Round ask(String method, String path, JsonNode body) {
    String last = "";
    boolean electing = false;
    for (URI member : members) {
      String address = member.getAuthority();
      HttpRequest request = request(member, method, path, body);
      try {
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() == OK) {
          String text = response.body().isBlank() ? "null" : response.body();
          return new Round(json.readTree(text), "", false);
        }
        String refusal = refusal(address, response.body());
        boolean lost = response.statusCode() == LOST_ON_THE_WAY && method.equals("GET");
        if (response.statusCode() != NO_LEADER && !lost) {
          throw new Failed(refusal);
        }
        electing = true;
        last = address + ": " + refusal;
      } catch (JsonProcessingException | ProtocolException e) {
        throw stranger(address);
      } catch (IOException e) {
        if (isNoHttp(e)) {
          throw stranger(address);
        }
        last = address + ": " + (e.getMessage() == null ? "no connection" : e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Failed("interrupted");
      }
    }
    return new Round(null, last, electing);
  }

  /** The client shows what it got instead of a status line: frames of HTTP/2, from a store. */
  private static boolean isNoHttp(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage() == null ? "" : cause.getMessage();
      if (cause instanceof ProtocolException
          || message.contains("status line")
          || message.chars().anyMatch(Character::isISOControl)) {
        return true;
      }
    }
    return false;
  }

  private static Failed stranger(String address) {
    return new Failed(
        address
            + " answers, but not as a placement driver does: is it the port of a store? Give the"
            + " address of a placement driver with --pd");
  }

  private static HttpRequest request(URI member, String method, String path, JsonNode body) {
    return HttpRequest.newBuilder(
            URI.create(member.getScheme() + "://" + member.getAuthority() + "/pd/api/v1/" + path))
        .timeout(PATIENCE)
        .method(
            method,
            body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body.toString()))
        .build();
  }

  /** Refusals are a JSON text. */
  private String refusal(String address, String body) throws JsonProcessingException {
    JsonNode node = json.readTree(body);
    if (!node.isTextual()) {
      throw stranger(address);
    }
    return node.asText();
  }
}
