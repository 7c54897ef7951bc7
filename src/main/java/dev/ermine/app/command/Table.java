package dev.ermine.app.command;

import java.util.ArrayList;
import java.util.List;

/** Lines whose columns stand under each other. */
final class Table {

  private final List<List<String>> rows = new ArrayList<>();

  void row(String... cells) {
    rows.add(List.of(cells));
  }

  List<String> lines() {
    return rows.stream().map(this::line).toList();
  }

  private String line(List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      line.append(row.get(column));
      if (column < row.size() - 1) {
        line.append(" ".repeat(width(column) - row.get(column).length() + 2));
      }
    }
    return line.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
