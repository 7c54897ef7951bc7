package dev.ermine.merge.summary;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * An entry in one line of a table: all of it peers' text, cut and cleaned.
 *
 * @param what what it is about
 * @param details dose, value, reaction …
 * @param status its statuses
 * @param when its dates, each with what it is the date of
 * @param source the region that shared it, and whose record it says it is from
 * @param conflicts what contradicts it
 * @param alsoIn the regions that record the same fact
 * @param latest the latest of its dates in milliseconds since 1970, by which rows are ordered
 */
public record Row(
    String what,
    String details,
    String status,
    String when,
    String source,
    List<String> conflicts,
    List<String> alsoIn,
    OptionalLong latest) {

  /** What is contradicted first, then the newest first. */
  static final Comparator<Row> ORDER =
      Comparator.<Row, Boolean>comparing(row -> row.conflicts.isEmpty())
          .thenComparing(row -> row.latest.orElse(Long.MIN_VALUE), Comparator.reverseOrder());

  /** How many contradictions of one entry are told in its row: all of them are in the account. */
  private static final int MOST = 3;

  public Row {
    what = Plain.cell(what);
    details = Plain.cell(details);
    status = Plain.cell(status);
    when = Plain.cell(when);
    source = Plain.line(source);
    conflicts = conflicts.stream().limit(MOST).map(Plain::line).toList();
    alsoIn = alsoIn.stream().map(Plain::line).toList();
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "Row";
  }
}
