package dev.kittiwake.pd.api;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Passes HTTP requests on to the leader; made when the first one is. Thread-safe. */
final class HttpForward {
  /** Marks what was passed on, so that it goes no further. */
  static final String MARK = "PD-Redirector";

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String self;
  private HttpClient client; // guarded by this

  /**
   * @param self name of this member, for the mark
   */
  HttpForward(String self) {
    this.self = self;
  }

  /** An answer as it came. */
  record Answer(int status, String contentType, byte[] body) {}

  private synchronized HttpClient client() {
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(PATIENCE)
              .executor(Runnable::run)
              .build();
    }
    return client;
  }

  CompletableFuture<Answer> send(String leaderUrl, String method, String uri, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(leaderUrl + uri))
            .timeout(PATIENCE)
            .header(MARK, self)
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client()
        .sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
        .thenApply(
            response ->
                new Answer(
                    response.statusCode(),
                    response.headers().firstValue("content-type").orElse("application/json"),
                    response.body()))
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(lost(leaderUrl, failure)));
  }

  /** 503 if certainly nothing was done, so that anything may be asked again; else 502. */
  private static HttpApi.HttpRefused lost(String leaderUrl, Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    boolean notSent =
        cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
    String reason = cause.getMessage() == null ? "no connection" : cause.getMessage();
    return new HttpApi.HttpRefused(
        notSent ? 503 : 502,
        "the leader at "
            + leaderUrl
            + " does not answer ("
            + reason
            + "): "
            + (notSent
                ? "ask again in a few seconds, when another member leads"
                : "look whether it was done, and ask again"));
  }
}
