package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** The placement driver over HTTP. Any member will do: followers pass on what is not theirs. */
final class PdHttp {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int OK = 200;
  private static final int NO_LEADER = 503;

  private final List<String> addresses;
  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();

  /**
   * @param addresses host:port of members, with or without http://
   */
  PdHttp(List<String> addresses) {
    this.addresses = addresses;
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
   * Asks one member after the other until one answers.
   *
   * @param path below /pd/api/v1/
   * @param body null: none
   * @throws Failed with one line that says what is wrong
   */
  JsonNode send(String method, String path, JsonNode body) {
    String last = "";
    for (String address : addresses) {
      HttpRequest request = request(address, method, path, body);
      try {
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() == OK) {
          return json.readTree(response.body().isBlank() ? "null" : response.body());
        }
        if (response.statusCode() != NO_LEADER) {
          throw new Failed(text(response.body()));
        }
        last = address + ": " + text(response.body());
      } catch (IOException e) {
        last = address + ": " + (e.getMessage() == null ? "no connection" : e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Failed("interrupted");
      }
    }
    throw new Failed(
        "the placement driver does not answer (" + last + "): check --pd, and that it runs");
  }

  private HttpRequest request(String address, String method, String path, JsonNode body) {
    String url = (address.contains("://") ? address : "http://" + address) + "/pd/api/v1/" + path;
    try {
      return HttpRequest.newBuilder(URI.create(url))
          .timeout(PATIENCE)
          .method(
              method,
              body == null
                  ? HttpRequest.BodyPublishers.noBody()
                  : HttpRequest.BodyPublishers.ofString(body.toString()))
          .build();
    } catch (IllegalArgumentException e) {
      throw new Failed(
          "'" + address + "' is not an address of a placement driver: write host:port");
    }
  }

  /** Refusals are a JSON text. */
  private String text(String body) {
    try {
      JsonNode node = json.readTree(body);
      return node.isTextual() ? node.asText() : body.strip();
    } catch (IOException e) {
      return body.strip();
    }
  }
}
