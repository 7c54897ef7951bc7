package dev.ermine.audit;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: many callers hand in a line each and wait, one thread makes durable whatever is
 * waiting, in one trip to the disk. While it is under way, the next group gathers.
 *
 * @see <a href="https://doi.org/10.1145/602259.602261">DeWitt et al., Implementation techniques for
 *     main memory database systems (1984)</a>
 */
final class GroupCommit implements AutoCloseable {

  private static final int MOST_WAITING = 1024;
  private static final byte[] NOTHING = {};

  private final Disk disk;
  private final Duration patience;
  private final BlockingQueue<Line> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Line last = new Line(NOTHING);

  GroupCommit(Disk disk, Duration patience) {
    this.disk = disk;
    this.patience = patience;
    Thread.ofPlatform().daemon().name("audit-file").start(this::writeUntilLast);
  }

  /** Returns when the line is durable. */
  void commit(byte[] line) {
    if (closed.get()) {
      throw new AuditUnavailableException("the audit file is closed; the gateway is stopping");
    }
    commit(new Line(line));
  }

  /** Returns when the disk has shown that it is there. */
  void probe() {
    commit(NOTHING);
  }

  /** How many lines wait for the next trip. */
  int waiting() {
    return waiting.size();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      commit(last);
    }
  }

  private void commit(Line line) {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      if (!waiting.offer(line, patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new TimeoutException("`" + MOST_WAITING + "` records are waiting already");
      }
      line.durable.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException failed) {
      throw new AuditUnavailableException(
          "the audit file could not be written; see to its disk and directory", failed.getCause());
    } catch (TimeoutException late) {
      abandon(line);
      throw new AuditUnavailableException(
          "the audit file took longer than `" + patience.toMillis() + " ms`; see to its disk",
          late);
    } catch (InterruptedException stopped) {
      abandon(line);
      Thread.currentThread().interrupt();
      throw new AuditUnavailableException("the request was stopped before its audit", stopped);
    }
  }

  /** Nobody waits for it any more: it is not written, unless it is being written now. */
  private void abandon(Line line) {
    line.durable.cancel(false);
    waiting.remove(line);
  }

  private void writeUntilLast() {
    List<Line> group = new ArrayList<>();
    boolean more = true;
    while (more) {
      gather(group);
      more = !group.remove(last);
      if (!group.isEmpty()) {
        write(group);
      }
    }
    try {
      disk.close();
      last.durable.complete(null);
    } catch (IOException e) {
      last.durable.completeExceptionally(e);
    }
  }

  private void gather(List<Line> group) {
    group.clear();
    try {
      group.add(waiting.take());
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the audit's thread", e);
    }
    waiting.drainTo(group);
  }

  private void write(List<Line> group) {
    try {
      disk.append(
          group.stream()
              .filter(line -> !line.durable.isCancelled())
              .map(line -> line.bytes)
              .filter(bytes -> bytes.length > 0)
              .toList());
      group.forEach(line -> line.durable.complete(null));
    } catch (IOException | RuntimeException | Error e) {
      // Whatever it is, each caller must hear of it, and this thread must live to try again.
      group.forEach(line -> line.durable.completeExceptionally(e));
    }
  }

  /** What a caller waits for: its bytes, and whether they are durable. */
  private static final class Line {
    private final byte[] bytes;
    private final CompletableFuture<@Nullable Void> durable = new CompletableFuture<>();

    Line(byte[] bytes) {
      this.bytes = bytes;
    }
  }
}
