package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ermine.region.RegionId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StayTest {

  private final Memory memory = new Memory(1_000_000);
  private final Gate gate = new Gate(new Capacity(8, 0), memory, Runnable::run, () -> 0);
  private final Stay stay = new Stay(memory.open());

  @BeforeEach
  void enter() {
    stay.takes(gate.enter(Whose.region(new RegionId("hwe"))).orElseThrow());
    assertThat(stay.room().take(1_000, 0)).isTrue();
  }

  @Test
  void lastsUntilItsAnswerHasLeft() {
    assertThat(stay.during(() -> "answer")).contains("answer");
    assertThat(gate.inside()).isOne();
    assertThat(memory.held()).isEqualTo(1_000);
    stay.leave();
    isOver();
  }

  @Test
  void lastsUntilWhatIsDoneForItHasEndedThoughItsClientIsGone() {
    assertThat(
            stay.during(
                () -> {
                  stay.leave();
                  assertThat(gate.inside()).isOne();
                  return memory.held();
                }))
        .contains(1_000L);
    isOver();
  }

  @Test
  void beginsNothingForAClientThatIsGone() {
    stay.leave();
    isOver();
    assertThat(stay.during(() -> "begun")).isEmpty();
    isOver();
  }

  @Test
  void isOverWhereItsWorkFails() {
    assertThatThrownBy(
            () ->
                stay.during(
                    () -> {
                      throw new IllegalStateException("a defect");
                    }))
        .hasMessage("a defect");
    stay.leave();
    isOver();
  }

  @Test
  void givesItsPlaceBackAheadOfItsRoom() {
    stay.givePlaceBack();
    assertThat(gate.inside()).isZero();
    assertThat(memory.held()).isEqualTo(1_000);
    stay.leave();
    isOver();
  }

  private void isOver() {
    assertThat(gate.inside()).isZero();
    assertThat(memory.held()).isZero();
  }
}
