package dev.ermine.peer;

import dev.ermine.trust.OcspAnswers;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * OCSP responders over HTTP: each at its own address and no other, all of it within two seconds.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6960#appendix-A">RFC 6960, A: OCSP over HTTP</a>
 */
public final class HttpResponders implements OcspAnswers.Responders {

  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final int MOST_BYTES = 64 * 1024;

  @Override
  public byte[] ask(URI responder, byte[] request) throws IOException {
    // A client for each exchange, of which there are few: none waits where no responder is named.
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(LIMIT)
            .build()) {
      CompletableFuture<HttpResponse<byte[]>> answer =
          client.sendAsync(
              HttpRequest.newBuilder(responder)
                  .header("Content-Type", "application/ocsp-request")
                  .header("Accept", "application/ocsp-response")
                  .POST(BodyPublishers.ofByteArray(request))
                  .build(),
              BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
      try {
        return body(answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException("the responder has not answered", e);
      } finally {
        client.shutdownNow();
      }
    }
  }

  private static byte[] body(HttpResponse<byte[]> answer) throws IOException {
    if (answer.statusCode() != 200) {
      throw new IOException("the responder has answered " + answer.statusCode());
    }
    return answer.body();
  }
}
