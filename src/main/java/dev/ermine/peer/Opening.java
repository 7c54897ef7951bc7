package dev.ermine.peer;

import dev.ermine.merge.PeerAnswer.Miss;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Optional;

/**
 * Which responses are opened, to be passed on as they come, and not held: those that are documents
 * in a type of their own.
 *
 * @param limit bytes of a body at most
 * @param patience how long a byte that is waited for may take
 */
record Opening(boolean documents, long limit, Duration patience) {

  /** None is. */
  static final Opening NONE = new Opening(false, 0, Duration.ZERO);

  boolean isFor(HttpClientResponse response) {
    return documents
        && (response.statusCode() == 200 || response.statusCode() == 206)
        && !MediaType.mayBeFhir(type(response));
  }

  private static Optional<String> type(HttpClientResponse response) {
    return Optional.ofNullable(response.getHeader(HttpHeaders.CONTENT_TYPE));
  }

  /**
   * What is wrong with one before anything of its body has come. One that ends with its connection
   * could be cut off anywhere on the way and look whole.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-8">RFC 9112, 8: incomplete
   *     messages</a>
   */
  Optional<Miss> faultOf(HttpClientResponse response, long announced) {
    if (announced > limit) {
      return Optional.of(Faults.DOCUMENT_TOO_LARGE);
    }
    boolean ends =
        announced >= 0
            || response.version() == HttpVersion.HTTP_2
            || response
                .headers()
                .contains(HttpHeaders.TRANSFER_ENCODING, HttpHeaders.CHUNKED, true);
    return ends
        ? Optional.empty()
        : Optional.of(new Miss.Failing("its document does not say where it ends"));
  }

  DocumentBytes bytes(PeerLoop loop, HttpClientResponse response, long announced) {
    return new DocumentBytes(loop, response, announced, limit, patience);
  }

  Reply opened(HttpClientResponse response, DocumentBytes bytes) {
    return new Reply.Opened(
        response.statusCode(),
        type(response),
        Optional.ofNullable(response.getHeader("Content-Range")),
        Optional.ofNullable(response.getHeader("X-Security-Context")),
        bytes);
  }
}
