package dev.ermine.merge.document;

import dev.ermine.fhir.Slice;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A document in its own type, of which the head is known and the bytes are still to come. One
 * thread reads it; whoever has it ends it, once, whatever happens. A read that throws means that
 * the rest will never come: what has been read so far must not pass for the document.
 */
public final class OpenDocument implements Content {

  /** How the passing on of a document ends. */
  public enum Ending {
    /** To its last byte. */
    WHOLE,
    /** By the region, by a limit, or by the end of trust in somebody. */
    CUT,
    /** By whoever was to have it. */
    ABANDONED
  }

  private final String contentType;
  private final Extent extent;
  private final InputStream bytes;
  private final Consumer<Ending> ended;
  private final AtomicBoolean over = new AtomicBoolean();

  /**
   * @param contentType as the region has it
   * @param bytes those of the extent; at its end only when all of them have come. It may be closed
   *     on any thread, and does not wait then.
   * @param ended told how it ended, once
   */
  public OpenDocument(
      String contentType, Extent extent, InputStream bytes, Consumer<Ending> ended) {
    this.contentType = contentType;
    this.extent = extent;
    this.bytes = bytes;
    this.ended = ended;
  }

  /** One that is held in memory already. */
  public static OpenDocument held(String contentType, Slice bytes) {
    return new OpenDocument(
        contentType,
        new Extent.Whole(bytes.length()),
        new ByteArrayInputStream(bytes.bytes(), bytes.from(), bytes.length()),
        any -> {});
  }

  /** As the region has it. */
  public String contentType() {
    return contentType;
  }

  public Extent extent() {
    return extent;
  }

  /** Its next bytes, waiting for them; -1 after the last one. */
  public int read(byte[] into) throws IOException {
    return bytes.read(into);
  }

  /**
   * That range of it, where all of it is on its way and its length is known; otherwise as it is. It
   * is read, and ended, in the place of this one.
   */
  public OpenDocument cut(Optional<ByteRange> range) {
    return range.isPresent() && extent instanceof Extent.Whole(long length)
        ? range
            .get()
            .of(length)
            .map(
                part -> new OpenDocument(contentType, part, new PartStream(bytes, part), this::end))
            .orElseGet(() -> beyond(length))
        : this;
  }

  private OpenDocument beyond(long length) {
    return new OpenDocument(contentType, new Extent.Beyond(length), bytes, this::end);
  }

  /** Ends it, unless it has ended already: nothing of it is read any more. */
  public void end(Ending ending) {
    if (!over.compareAndSet(false, true)) {
      return;
    }
    try {
      bytes.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      ended.accept(ending);
    }
  }

  /** Never the content, nor what the region says of it. */
  @Override
  public String toString() {
    return "OpenDocument[" + extent + "]";
  }

  /** A part of a stream of the whole: what comes before it is read and dropped. */
  private static final class PartStream extends InputStream {

    private final InputStream whole;
    private long before;
    private long left;

    PartStream(InputStream whole, Extent.Part part) {
      this.whole = whole;
      this.before = part.from();
      this.left = part.to() - part.from();
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
      while (before > 0) {
        before -= some(into, from, (int) Math.min(length, before));
      }
      if (left == 0) {
        return -1;
      }
      int read = some(into, from, (int) Math.min(length, left));
      left -= read;
      return read;
    }

    private int some(byte[] into, int from, int length) throws IOException {
      int read = whole.read(into, from, length);
      if (read < 0) {
        throw new EOFException("the document is shorter than was announced");
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      whole.close();
    }
  }
}
