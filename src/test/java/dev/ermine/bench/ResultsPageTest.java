package dev.ermine.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResultsPageTest {

  @Test
  void writesASectionAnewInItsPlaceAndLeavesTheOthers() {
    String page = ResultsPage.with("", "One", "first\n\n| a |\n");
    page = ResultsPage.with(page, "Two", "second");
    String again = ResultsPage.with(page, "One", "third");
    assertThat(again)
        .startsWith("# Measured")
        .contains("\n## One\n\nthird\n\n## Two\n\nsecond\n")
        .doesNotContain("first");
    assertThat(ResultsPage.with(again, "Two", "second")).isEqualTo(again);
  }
}
