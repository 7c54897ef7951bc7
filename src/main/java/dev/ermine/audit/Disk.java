package dev.ermine.audit;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Where lines become durable. Used by one thread at a time. */
interface Disk extends Closeable {

  /**
   * Appends the lines, in order, and forces them: they survive a loss of power once it returns.
   * When it throws, any of them may or may not be there, and it may be called again.
   *
   * @param lines without their ends; none at all shows whether the disk is there
   */
  void append(List<byte[]> lines) throws IOException;
}
