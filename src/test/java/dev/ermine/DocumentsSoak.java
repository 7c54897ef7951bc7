package dev.ermine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ermine.testing.DocumentHouse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A large scan to many slow readers at once: what that takes of the gateway's memory. No test of
 * every day, for it takes minutes; {@code -Dermine.readers} and {@code -Dermine.seconds} say how
 * many and how long.
 */
class DocumentsSoak {

  private static final int READERS = Integer.getInteger("ermine.readers", 1_000);
  private static final Duration READING =
      Duration.ofSeconds(Integer.getInteger("ermine.seconds", 60));
  private static final long SCAN = 200_000_000;
  private static final int RATE = 64 * 1024;
  private static final int PIECE = 16 * 1024;
  private static final Duration PAUSE = Duration.ofMillis(1_000L * PIECE / RATE);

  /** More handshakes at once would wait for one another until they are given up. */
  private static final int ARRIVING = 8;

  private static final int ATTEMPTS = 5;

  /** All of it is resident from the start, so that what grows is what documents take beside it. */
  private static final List<String> HEAP = List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch");

  /** What one reader may take of the process beside the heap: two connections and their buffers. */
  private static final long EACH = 320 * 1024;

  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+([0-9]+) kB");

  @TempDir static Path directory;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong read = new AtomicLong();
  private final AtomicInteger reading = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();

  /** The memory of the gateway at one moment, in bytes. */
  private record Memory(long resident, long heap, long direct) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "RSS %d MB, heap %d MB, direct %d MB",
          resident >> 20,
          heap >> 20,
          direct >> 20);
    }
  }

  @Test
  void aLargeScanToManySlowReadersKeepsMemoryFlat() throws Exception {
    try (DocumentHouse house =
            new DocumentHouse(
                directory,
                List.of("BASE/Binary/scan"),
                (line, request) -> DocumentHouse.send(line, SCAN, sent),
                HEAP);
        ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      warmUp(house);
      Memory before = memory(house);
      System.out.println("before: " + before);
      Semaphore arriving = new Semaphore(ARRIVING);
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        int reader = i;
        all.add(readers.submit(() -> read(house, "reader-" + reader, arriving)));
      }
      while (reading.get() + failed.get() < READERS) {
        TimeUnit.MILLISECONDS.sleep(200);
      }
      Memory begun = memory(house);
      System.out.printf("all read: %s (%d failed)%n", begun, failed.get());
      long end = System.nanoTime() + READING.toNanos();
      Memory peak = begun;
      while (System.nanoTime() < end) {
        TimeUnit.SECONDS.sleep(Math.max(1, READING.toSeconds() / 12));
        Memory now = memory(house);
        peak = now.resident() > peak.resident() ? now : peak;
        System.out.printf("%d reading: %s%n", reading.get(), now);
      }
      all.forEach(each -> each.cancel(true));
      readers.shutdownNow();
      System.out.println(open(house) + " open when they left");
      while (open(house) > 0) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
      System.out.printf(
          "%d readers, %d failed, %d MB read, %d MB taken of the region; peak: %s; after: %s%n",
          READERS, failed.get(), read.get() >> 20, sent.get() >> 20, peak, memory(house));
      assertThat(failed).hasValue(0);
      assertThat(peak.resident() - begun.resident())
          .as("growth while they read")
          .isLessThan(64 << 20);
      assertThat(peak.resident() - before.resident()).isLessThan(EACH * READERS + (64L << 20));
    }
  }

  /** The two that stand still do so at once: each is given twenty seconds. */
  @Test
  void whoeverStandsStillIsCut() throws Exception {
    try (DocumentHouse house =
        new DocumentHouse(
            directory,
            List.of("BASE/Binary/scan", "BASE/Binary/silent"),
            (line, request) -> {
              if (request.target().endsWith("/scan")) {
                DocumentHouse.send(line, SCAN, sent);
              } else {
                line.write(DocumentHouse.head("200 OK", "Content-Length: 1000000"));
                line.write(DocumentHouse.bytes(0, 100_000));
                line.awaitClose();
              }
            },
            HEAP)) {
      try (SSLSocket still = house.asking("/regions/london/fhir/Binary/scan", "still");
          SSLSocket silent = house.asking("/regions/london/fhir/Binary/silent", "silent")) {
        DocumentHouse.headOf(still.getInputStream());
        DocumentHouse.headOf(silent.getInputStream());
        assertThatThrownBy(() -> silent.getInputStream().readNBytes(1_000_000))
            .isInstanceOf(IOException.class);
        long end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (open(house) > 0) {
          assertThat(System.nanoTime()).isLessThan(end);
          TimeUnit.MILLISECONDS.sleep(200);
        }
        assertThatThrownBy(() -> still.getInputStream().readNBytes((int) SCAN))
            .isInstanceOf(IOException.class);
      }
      assertThat(
              metric(house.gateway().told("/q/metrics"), "ermine_documents_total{ending=\"cut\""))
          .isEqualTo(2);
    }
  }

  private void warmUp(DocumentHouse house) throws IOException {
    for (int i = 0; i < 20; i++) {
      try (SSLSocket socket = house.asking("/regions/london/fhir/Binary/scan", "warm-" + i)) {
        DocumentHouse.headOf(socket.getInputStream());
        socket.getInputStream().readNBytes(1_000_000);
      }
    }
  }

  private void read(DocumentHouse house, String id, Semaphore arriving) {
    try (SSLSocket socket = arrived(house, id, arriving)) {
      reading.incrementAndGet();
      InputStream in = socket.getInputStream();
      for (byte[] piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
        read.addAndGet(piece.length);
        Thread.sleep(PAUSE);
      }
      throw new IOException("the document ended");
    } catch (InterruptedException left) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      if (!Thread.currentThread().isInterrupted()) {
        failed.incrementAndGet();
        System.out.println(id + " failed: " + e);
      }
    }
  }

  /** A handshake that a busy machine gave up is tried again. */
  private static SSLSocket arrived(DocumentHouse house, String id, Semaphore arriving)
      throws IOException, InterruptedException {
    arriving.acquire();
    try {
      for (int i = 1; ; i++) {
        try {
          SSLSocket socket = house.asking("/regions/london/fhir/Binary/scan", id + "-" + i);
          String head = DocumentHouse.headOf(socket.getInputStream());
          if (head.startsWith("HTTP/1.1 200")) {
            return socket;
          }
          socket.close();
          throw new IOException(head.lines().findFirst().orElse(""));
        } catch (IOException e) {
          if (i == ATTEMPTS) {
            throw e;
          }
        }
      }
    } finally {
      arriving.release();
    }
  }

  private static long open(DocumentHouse house) {
    return (long) metric(house.gateway().told("/q/metrics"), "ermine_documents_open{");
  }

  private static Memory memory(DocumentHouse house) throws IOException {
    String metrics = house.gateway().told("/q/metrics");
    Path status = Path.of("/proc", Long.toString(house.gateway().process().pid()), "status");
    Matcher resident = RESIDENT.matcher(Files.readString(status));
    assertThat(resident.find()).isTrue();
    return new Memory(
        Long.parseLong(resident.group(1)) * 1024,
        (long) metric(metrics, "jvm_memory_used_bytes{area=\"heap\""),
        (long) metric(metrics, "jvm_buffer_memory_used_bytes{id=\"direct\""));
  }

  private static double metric(String metrics, String start) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
