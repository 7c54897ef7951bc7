package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How the limit moves, by a clock that the test sets. */
class CapacityTest {

  private static final long MILLI = 1_000_000L;
  private static final int MOST = 100;

  private long now;
  private final Capacity capacity = new Capacity(MOST, 0);

  @Test
  void beginsWithAllThereMayBe() {
    assertThat(capacity.limit()).isEqualTo(MOST);
  }

  @Test
  void backsOffWhileRequestsWaitAndNeverBelowItsLeast() {
    wait(100, 60, 50);
    assertThat(capacity.limit()).isEqualTo(90);
    wait(100, 60, 50);
    assertThat(capacity.limit()).isEqualTo(81);
    for (int i = 0; i < 100; i++) {
      wait(100, 60, 16);
    }
    assertThat(capacity.limit()).isEqualTo(16);
  }

  /** A machine that stands still has all that came meanwhile wait, once. */
  @Test
  void losesOneStepToOneStandstill() {
    for (int i = 0; i < 50; i++) {
      wait(2, 1, 90);
    }
    for (int i = 0; i < 60; i++) {
      capacity.waited(200 * MILLI, 90, now);
    }
    for (int i = 0; i < 50; i++) {
      wait(2, 1, 90);
    }
    assertThat(capacity.limit()).isGreaterThanOrEqualTo(90);
  }

  @Test
  void isNotMovedByAFewThatWaited() {
    for (int i = 0; i < 400; i++) {
      now += 5 * MILLI;
      capacity.waited((i % 3 == 0 ? 300 : 1) * MILLI, 90, now);
    }
    assertThat(capacity.limit()).isEqualTo(MOST);
  }

  @Test
  void growsAgainOnlyWhileHalfOfItIsInUse() {
    for (int i = 0; i < 20; i++) {
      wait(100, 60, 16);
    }
    wait(100, 1, 7);
    assertThat(capacity.limit()).isEqualTo(16);
    for (int i = 0; i < 10; i++) {
      wait(100, 1, 14);
    }
    assertThat(capacity.limit()).isEqualTo(26);
    for (int i = 0; i < 200; i++) {
      wait(100, 1, MOST);
    }
    assertThat(capacity.limit()).isEqualTo(MOST);
  }

  /** A window's worth of requests, evenly over {@code millis}. */
  private void wait(int millis, int each, int inside) {
    for (int i = 0; i < 10; i++) {
      now += millis * MILLI / 10;
      capacity.waited(each * MILLI, inside, now);
    }
  }
}
