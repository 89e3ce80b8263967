package dev.kittiwake.pd.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Asks a member over HTTP, as a client would. */
record HttpCalls(String clientUrl, HttpClient http) {
  static HttpCalls to(String clientUrl) {
    return new HttpCalls(clientUrl, HttpClient.newHttpClient());
  }

  JsonNode get(String path) throws Exception {
    return send(200, "GET", path, "");
  }

  /** The path as it is, already escaped. */
  JsonNode send(int status, String method, String path, String body) throws Exception {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create(clientUrl + "/pd/api/v1/" + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(status, response.statusCode(), method + " " + path + " " + response.body());
    return new ObjectMapper().readTree(response.body());
  }
}
