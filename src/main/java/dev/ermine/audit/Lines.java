package dev.ermine.audit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The lines of a file that may still be growing, one at a time. What stands after the last end of a
 * line is not whole yet, or was cut short, and is no line.
 */
final class Lines {

  /** More than any record takes, however much was released. */
  private static final int LONGEST = 32 << 20;

  private byte[] line = new byte[1 << 13];
  private int length;
  private boolean tooLong;
  private long unread;

  /** How many bytes there were up to the end of the last line that was told, or could not be. */
  private long ended;

  private Lines() {}

  /**
   * Tells each line from that byte on, as long as more are wanted.
   *
   * @param from where a line begins
   * @param each whether it wants more
   * @return where the next line begins
   */
  static long read(Path file, long from, Predicate<byte[]> each) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Lines lines = new Lines();
      lines.read(Channels.newInputStream(channel.position(from)), each);
      return from + lines.ended;
    }
  }

  /** Tells each line, without its end; how many there were that could not be told. */
  static long read(Path file, Consumer<byte[]> each) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return new Lines()
          .read(
              in,
              line -> {
                each.accept(line);
                return true;
              });
    }
  }

  private long read(InputStream in, Predicate<byte[]> each) throws IOException {
    byte[] chunk = new byte[1 << 16];
    long before = 0;
    for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
      int from = 0;
      for (int at = 0; at < count; at++) {
        if (chunk[at] == '\n') {
          append(chunk, from, at);
          from = at + 1;
          ended = before + from;
          if (!end(each)) {
            return unread;
          }
        }
      }
      append(chunk, from, count);
      before += count;
    }
    return length > 0 || tooLong ? unread + 1 : unread;
  }

  private void append(byte[] chunk, int from, int to) {
    int more = to - from;
    if (tooLong || length + more > LONGEST) {
      tooLong = true;
      return;
    }
    if (length + more > line.length) {
      line = Arrays.copyOf(line, Math.max(line.length * 2, length + more));
    }
    System.arraycopy(chunk, from, line, length, more);
    length += more;
  }

  private boolean end(Predicate<byte[]> each) {
    boolean more = true;
    if (tooLong) {
      unread++;
    } else if (length > 0) {
      more = each.test(Arrays.copyOf(line, length));
    }
    tooLong = false;
    length = 0;
    return more;
  }
}
