package dev.ermine.peer;

import dev.ermine.merge.PeerAnswer.Miss;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response, taken from its connection no faster than it is read: a few chunks wait
 * here, and no more are fetched. It is filled on the event loop and read on one other thread. Its
 * end is reached only when all has come that was announced; a read throws when that will not be.
 */
final class DocumentBytes extends InputStream {

  /** Of {@link ClientSettings#CHUNK} bytes each. */
  private static final int CHUNKS = 3;

  private final PeerLoop loop;
  private final HttpClientResponse response;
  private final long announced;
  private final long limit;
  private final Duration patience;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Promise<Void> over = Promise.promise();

  // On the event loop alone.
  private long received;

  // On the reading thread alone.
  private @Nullable Buffer chunk;
  private int read;
  private boolean whole;

  // Set once, and looked at before anything that waits is read.
  private volatile @Nullable Miss cut;

  private sealed interface Event {
    record Chunk(Buffer bytes) implements Event {}

    record End() implements Event {}

    record Cut() implements Event {}
  }

  /**
   * @param announced how many bytes it is to have; less than zero where that is not said
   * @param limit bytes at most
   * @param patience how long a byte that is waited for may take
   */
  DocumentBytes(
      PeerLoop loop, HttpClientResponse response, long announced, long limit, Duration patience) {
    this.loop = loop;
    this.response = response;
    this.announced = announced;
    this.limit = limit;
    this.patience = patience;
  }

  /** Begins to be filled. The response has been paused before anything of its body came. */
  void begin() {
    response.handler(this::add);
    response.endHandler(any -> end());
    response.fetch(CHUNKS);
  }

  /** How many bytes it is to have; less than zero where that is not said. */
  long announced() {
    return announced;
  }

  /** Completes when nothing more will be taken from the connection. */
  Future<Void> over() {
    return over.future();
  }

  private void add(Buffer bytes) {
    received += bytes.length();
    if (received > limit) {
      cut(Faults.DOCUMENT_TOO_LARGE);
    } else if (!over.future().isComplete()) {
      events.add(new Event.Chunk(bytes));
    }
  }

  private void end() {
    if (announced >= 0 && received != announced) {
      cut(new Miss.Failing("its document is not as long as it said"));
    } else if (!over.future().isComplete()) {
      events.add(new Event.End());
      over.complete();
    }
  }

  /** Cuts it off, unless all has come: nothing of what waits here is read any more. */
  void cut(Miss why) {
    if (!over.future().isComplete()) {
      cut = why;
      events.add(new Event.Cut());
      over.complete();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!whole && (chunk == null || read == chunk.length())) {
      next();
    }
    refuseIfCut();
    if (whole || chunk == null) {
      return -1;
    }
    int bytes = Math.min(length, chunk.length() - read);
    chunk.getBytes(read, read + bytes, into, from);
    read += bytes;
    return bytes;
  }

  private void next() throws IOException {
    if (chunk != null) {
      chunk = null;
      loop.run(() -> response.fetch(1));
    }
    switch (awaited()) {
      case Event.Chunk(Buffer bytes) -> {
        chunk = bytes;
        read = 0;
      }
      case Event.End _ -> whole = true;
      case Event.Cut _ -> refuseIfCut();
    }
  }

  private Event awaited() throws IOException {
    refuseIfCut();
    try {
      Event event = events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (event == null) {
        throw new IOException("the region has sent nothing of its document for " + patience);
      }
      return event;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a document was read", e);
    }
  }

  private void refuseIfCut() throws IOException {
    Miss why = cut;
    if (why != null) {
      throw new IOException("the region's document was cut: it " + Faults.words(why));
    }
  }

  /** Lets go of the connection, which is closed. */
  @Override
  public void close() {
    loop.run(() -> over.tryComplete());
  }
}
