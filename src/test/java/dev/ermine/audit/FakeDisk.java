package dev.ermine.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** A disk in memory, which can be made to hang or to fail. */
class FakeDisk implements Disk {

  final List<String> lines = new ArrayList<>();
  final AtomicReference<Throwable> failure = new AtomicReference<>();

  /** Taken by each trip: none hangs. */
  final Semaphore trips = new Semaphore(0);

  /** Given by each trip as it starts. */
  final Semaphore started = new Semaphore(0);

  static FakeDisk working() {
    FakeDisk disk = new FakeDisk();
    disk.trips.release(Integer.MAX_VALUE / 2);
    return disk;
  }

  @Override
  public void append(List<byte[]> more) throws IOException {
    started.release();
    trips.acquireUninterruptibly();
    switch (failure.get()) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new AssertionError("a disk does not throw this", e);
    }
    synchronized (this) {
      more.forEach(line -> lines.add(new String(line, StandardCharsets.UTF_8)));
    }
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {}

  static void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts a disk", e);
    }
  }
}
