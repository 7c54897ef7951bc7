package dev.ermine.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupCommitTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(100);

  @Test
  void doesNotReturnBeforeTheDiskHas() throws Exception {
    FakeDisk disk = new FakeDisk();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        GroupCommit commits = new GroupCommit(disk, LONG)) {
      Future<?> call = threads.submit(() -> commit(commits, "a"));
      disk.started.acquire();
      FakeDisk.pause(Duration.ofMillis(50));
      assertThat(call.isDone()).isFalse();
      assertThat(disk.lines()).isEmpty();

      disk.trips.release(2);
      call.get();
      assertThat(disk.lines()).containsExactly("a");
    }
  }

  @Test
  void groupsWhatGathersWhileTheDiskIsBusy() throws Exception {
    FakeDisk disk = new FakeDisk();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        GroupCommit commits = new GroupCommit(disk, LONG)) {
      List<Future<?>> calls = busyWith(disk, commits, threads, 100);

      disk.trips.release(2);
      for (Future<?> call : calls) {
        call.get();
      }
      assertThat(disk.lines()).hasSize(101);
      assertThat(disk.trips.availablePermits()).isZero();
      disk.trips.release();
    }
  }

  @Test
  void tellsEveryWaitingCallerWhenTheDiskFails() throws Exception {
    FakeDisk disk = new FakeDisk();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        GroupCommit commits = new GroupCommit(disk, LONG)) {
      List<Future<?>> calls = busyWith(disk, commits, threads, 50);
      IOException full = new IOException("No space left on device");

      disk.failure.set(full);
      disk.trips.release(2);
      for (Future<?> call : calls) {
        assertThatThrownBy(call::get)
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isInstanceOf(AuditUnavailableException.class)
            .hasCause(full);
      }
      assertThat(disk.lines()).isEmpty();

      disk.failure.set(null);
      disk.trips.release(2);
      commits.commit(bytes("next"));
      assertThat(disk.lines()).containsExactly("next");
    }
  }

  @Test
  void outlivesWhateverTheDiskThrows() {
    FakeDisk disk = FakeDisk.working();
    try (GroupCommit commits = new GroupCommit(disk, LONG)) {
      for (Throwable failure :
          List.of(new IllegalStateException(), new OutOfMemoryError(), new IOException())) {
        disk.failure.set(failure);
        assertThatExceptionOfType(AuditUnavailableException.class)
            .isThrownBy(() -> commits.commit(bytes("lost")))
            .withCause(failure);
      }
      disk.failure.set(null);
      commits.commit(bytes("next"));
      assertThat(disk.lines()).containsExactly("next");
    }
  }

  @Test
  void givesUpOnDiskThatHangs() {
    FakeDisk disk = new FakeDisk();
    GroupCommit commits = new GroupCommit(disk, SHORT);

    assertThatExceptionOfType(AuditUnavailableException.class)
        .isThrownBy(() -> commits.commit(bytes("in the group that hangs")))
        .withMessageContaining("`100 ms`")
        .withCauseInstanceOf(TimeoutException.class);
    assertThatExceptionOfType(AuditUnavailableException.class)
        .isThrownBy(() -> commits.commit(bytes("behind it")));
    assertThatExceptionOfType(AuditUnavailableException.class).isThrownBy(commits::probe);

    disk.trips.release(1000);
    commits.close();
    // Nobody was told that these are there; the first could not be called back.
    assertThat(disk.lines()).isSubsetOf("in the group that hangs");
  }

  @Test
  void letsNoMoreThanSoManyWait() throws Exception {
    FakeDisk disk = new FakeDisk();
    GroupCommit commits = new GroupCommit(disk, Duration.ofSeconds(2));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> calls = new ArrayList<>();
      int most = 0;
      for (int i = 0; i < 1500; i++) {
        calls.add(threads.submit(() -> commit(commits, "line")));
        most = Math.max(most, commits.waiting());
      }
      for (Future<?> call : calls) {
        assertThatThrownBy(call::get).cause().isInstanceOf(AuditUnavailableException.class);
      }
      assertThat(most).isLessThanOrEqualTo(1024);
      assertThat(commits.waiting()).as("given up, and still in the way").isZero();
    }
    disk.trips.release(1000);
    commits.close();
  }

  @Test
  void failsCloseThatCannotFlush() {
    FakeDisk disk = new FakeDisk();
    GroupCommit commits = new GroupCommit(disk, SHORT);
    assertThatExceptionOfType(AuditUnavailableException.class).isThrownBy(commits::probe);

    assertThatExceptionOfType(AuditUnavailableException.class).isThrownBy(commits::close);
    disk.trips.release(10);
  }

  @Test
  void flushesWhatWaitsBeforeItCloses() throws Exception {
    FakeDisk disk = new FakeDisk();
    GroupCommit commits = new GroupCommit(disk, LONG);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> calls = busyWith(disk, commits, threads, 20);
      Future<?> close = threads.submit(commits::close);
      disk.trips.release(10);
      close.get();
      for (Future<?> call : calls) {
        call.get();
      }
    }
    assertThat(disk.lines()).hasSize(21);
  }

  @Test
  void interruptedCallerKeepsItsInterruption() throws Exception {
    FakeDisk disk = new FakeDisk();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        GroupCommit commits = new GroupCommit(disk, LONG)) {
      Future<Boolean> stillInterrupted =
          threads.submit(
              () -> {
                Thread.currentThread().interrupt();
                assertThatExceptionOfType(AuditUnavailableException.class)
                    .isThrownBy(() -> commits.commit(bytes("line")));
                return Thread.currentThread().isInterrupted();
              });
      assertThat(stillInterrupted.get()).isTrue();
      disk.trips.release(10);
    }
    assertThat(disk.lines()).isEmpty();
  }

  /** One call whose trip is under way, and {@code behind} more that wait behind it. */
  private static List<Future<?>> busyWith(
      FakeDisk disk, GroupCommit commits, ExecutorService threads, int behind) throws Exception {
    List<Future<?>> calls = new ArrayList<>();
    calls.add(threads.submit(() -> commit(commits, "first")));
    disk.started.acquire();
    for (int i = 0; i < behind; i++) {
      String line = "line " + i;
      calls.add(threads.submit(() -> commit(commits, line)));
    }
    while (commits.waiting() < behind) {
      FakeDisk.pause(Duration.ofMillis(1));
    }
    return calls;
  }

  private static void commit(GroupCommit commits, String line) {
    commits.commit(bytes(line));
  }

  private static byte[] bytes(String line) {
    return line.getBytes(UTF_8);
  }
}
