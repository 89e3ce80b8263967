package dev.kittiwake.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** What people tell the placement driver by hand. */
final class PdHttp {
  private PdHttp() {}

  /** Changes one setting. */
  static void set(String pdUrl, String name, String value) {
    send(pdUrl, "POST", "config", "{\"" + name + "\": \"" + value + "\"}");
  }

  /** The answer, which must be a good one. */
  static String send(String pdUrl, String method, String path, String body) {
    try {
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(pdUrl + "/pd/api/v1/" + path))
                      .method(method, HttpRequest.BodyPublishers.ofString(body))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertEquals(200, answer.statusCode(), answer.body());
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
