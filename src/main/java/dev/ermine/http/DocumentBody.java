package dev.ermine.http;

import dev.ermine.merge.document.OpenDocument;
import dev.ermine.merge.document.OpenDocument.Ending;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/**
 * A document on its way to whoever asked for it, written as fast as they read and no faster. Where
 * it cannot be written to its end the connection is reset: what has been sent must not look whole.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-8">RFC 9112, 8: incomplete
 *     messages</a>
 */
final class DocumentBody {

  private static final int CHUNK = 16 * 1024;

  /** In which a reader takes some of it. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Duration LOOK = Duration.ofSeconds(2);

  /** On its way, whatever its reader takes. */
  static final Duration LONGEST = Duration.ofHours(1);

  private static final long NOT_WRITING = Long.MIN_VALUE;

  private final OpenDocument document;
  private final Caller caller;
  private final RoutingContext wire;
  private final Duration longest;
  private volatile long writingSince = NOT_WRITING;
  private volatile boolean written;

  private DocumentBody(
      OpenDocument document, Caller caller, RoutingContext wire, Duration longest) {
    this.document = document;
    this.caller = caller;
    this.wire = wire;
    this.longest = longest;
  }

  /** It ends with the response, however that does. */
  static DocumentBody of(OpenDocument document, Caller caller, RoutingContext wire) {
    return of(document, caller, wire, LONGEST);
  }

  /** The same, which may take so long. */
  static DocumentBody of(
      OpenDocument document, Caller caller, RoutingContext wire, Duration longest) {
    DocumentBody body = new DocumentBody(document, caller, wire, longest);
    wire.addEndHandler(
        end -> document.end(end.succeeded() && body.written ? Ending.WHOLE : Ending.ABANDONED));
    if (wire.response().closed()) {
      // Its end may have been told before it was listened for.
      document.abandon();
    }
    return body;
  }

  void writeTo(OutputStream out) throws IOException {
    caller.narrow();
    long began = System.nanoTime();
    long watch = wire.vertx().setPeriodic(LOOK.toMillis(), any -> look());
    try {
      byte[] chunk = new byte[CHUNK];
      for (int bytes = read(chunk, began); bytes >= 0; bytes = read(chunk, began)) {
        writingSince = System.nanoTime();
        out.write(chunk, 0, bytes);
        out.flush();
        writingSince = NOT_WRITING;
      }
      written = true;
    } finally {
      wire.vertx().cancelTimer(watch);
    }
  }

  private int read(byte[] chunk, long began) throws IOException {
    try {
      if (System.nanoTime() - began > longest.toNanos()) {
        throw new IOException("a document has been on its way for " + longest);
      }
      return document.read(chunk);
    } catch (IOException e) {
      cut();
      throw e;
    }
  }

  private void look() {
    long since = writingSince;
    if (since != NOT_WRITING && System.nanoTime() - since > PATIENCE.toNanos()) {
      cut();
    }
  }

  private void cut() {
    document.end(Ending.CUT);
    caller.reset();
  }
}
