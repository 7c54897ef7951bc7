package dev.ermine.merge.summary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SectionTest {

  @Test
  void whatIsContradictedComesFirstThenTheNewest() {
    Section section =
        Section.of(
            Heading.ALLERGIES,
            List.of(),
            List.of(
                row("undated", OptionalLong.empty()),
                row("old", OptionalLong.of(1)),
                row("new", OptionalLong.of(2)),
                row("contradicted", OptionalLong.of(0), "by another")),
            List.of());
    assertThat(section.rows())
        .extracting(Row::what)
        .containsExactly("contradicted", "new", "old", "undated");
  }

  @Test
  void saysHowManyRowsAreNotWrittenOut() {
    List<Row> rows =
        IntStream.range(0, Section.MOST + 7)
            .mapToObj(i -> row("row " + i, OptionalLong.of(i)))
            .toList();
    Section section = Section.of(Heading.RESULTS, List.of(), rows, List.of());
    assertThat(section.rows()).hasSize(Section.MOST);
    assertThat(section.said())
        .containsExactly(
            "Of 507 entries the first 500 are written out; all of them are in this document.");
  }

  @Test
  void holdsNothingThatXmlCannotAndNoMoreThanALineOfIt() {
    Row row = row("a\u0000b\u202ec\ufffed\ud800e" + "x".repeat(10_000), OptionalLong.empty());
    assertThat(row.what()).startsWith("a b c d e").endsWith("…").hasSize(301);
    assertThat(row).hasToString("Row");
  }

  private static Row row(String what, OptionalLong latest, String... conflicts) {
    return new Row(what, "", "", "", "", List.of(conflicts), List.of(), latest);
  }
}
