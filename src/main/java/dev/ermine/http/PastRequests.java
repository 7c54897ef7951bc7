package dev.ermine.http;

import dev.ermine.audit.PastEvent;
import dev.ermine.audit.PastEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The past requests of this pod, from its audit file. They are looked up one after the other, on a
 * thread of their own: a file of a day's queries takes a while, and queries come first.
 */
public final class PastRequests {

  private final Path auditFile;
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("past-requests").factory());

  public PastRequests(Path auditFile) {
    this.auditFile = auditFile;
  }

  /** The events of the request of that id; none if this pod knows none. */
  List<PastEvent> of(String requestId) {
    return CompletableFuture.supplyAsync(() -> read(requestId), reader).join();
  }

  private List<PastEvent> read(String requestId) {
    try {
      return Files.exists(auditFile) ? PastEvents.of(auditFile, requestId) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("the audit file cannot be read", e);
    }
  }
}
