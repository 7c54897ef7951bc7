package dev.ermine.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ermine.bench.Alternative.Cost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoundsTest {

  private final Rounds rounds = new Rounds("yardstick");

  @Test
  void takesTheMedianOfRatiosRoundByRound() {
    add(1, 2);
    add(1.1, 3.3);
    add(1.2, 1.2);
    assertThat(rounds.ratios("other", "yardstick")).hasSize(3);
    assertThat(Figures.median(rounds.ratios("other", "yardstick"))).isCloseTo(2, within(1e-9));
    assertThat(rounds.median("other", Cost::cpuMillis)).isEqualTo(2);
  }

  @Test
  void leavesOutRoundsThatTheMachineSharedWithOthers() {
    add(1, 2);
    add(1.3, 2.6);
    add(1.31, 9);
    assertThat(rounds.number()).isEqualTo(3);
    assertThat(rounds.counted()).hasSize(2);
    assertThat(rounds.ratios("other", "yardstick")).allMatch(ratio -> ratio < 3);
    assertThat(rounds.most("other", Cost::cpuMillis)).isEqualTo(9);
  }

  @Test
  void asksInAnOrderThatGoesRound() {
    List<String> asked = new ArrayList<>();
    List<Alternative> three = List.of(named("yardstick"), named("b"), named("c"));
    for (int i = 0; i < 3; i++) {
      rounds.measure(
          three,
          one -> {
            asked.add(one.name());
            return cost(1);
          });
    }
    assertThat(asked)
        .containsExactly("yardstick", "b", "c", "b", "c", "yardstick", "c", "yardstick", "b");
  }

  private void add(double yardstick, double other) {
    rounds.add(Map.of("yardstick", cost(yardstick), "other", cost(other)));
  }

  private static Cost cost(double cpu) {
    return new Cost(cpu, 0, 0, 0, 0, 0, 0);
  }

  private static Alternative named(String name) {
    return new Alternative(name, (due, then) -> {}, null, Optional.empty());
  }
}
