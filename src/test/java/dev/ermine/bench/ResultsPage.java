package dev.ermine.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The page of the last measured figures: a section for each thing that is measured, with its
 * conditions, written anew by what measures it, and its plots beside it.
 */
final class ResultsPage {

  private static final Path DIRECTORY = Path.of("src", "bench");
  private static final Path PAGE = DIRECTORY.resolve("RESULTS.md");
  private static final String HEADING = "\n## ";

  private static final String PREFACE =
      """
      # Measured

      Written by `./ermine bench`, each section by the command that it names: change nothing by hand. Figures of one run on one machine, which load,
      stand-ins for regions and all that is compared share; what holds elsewhere are ratios.
      """;

  private ResultsPage() {}

  /** Writes a section anew, or adds it at the end. */
  static void put(String title, String text) {
    try {
      String before = Files.exists(PAGE) ? Files.readString(PAGE) : PREFACE;
      Files.writeString(PAGE, with(before, title, text));
      System.err.println("wrote " + PAGE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a plot; {@code name} is that of the file without ending. The Markdown that shows it. */
  static String plot(String name, String alternative, String svg) {
    try {
      Files.writeString(DIRECTORY.resolve(name + ".svg"), svg);
      return "![%s](%s.svg)".formatted(alternative, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The page with that section, in the place of the one with its title, if there is one. */
  static String with(String page, String title, String text) {
    Map<String, String> sections = new LinkedHashMap<>();
    String[] parts = page.split(HEADING, -1);
    for (int i = 1; i < parts.length; i++) {
      String[] section = parts[i].split("\n", 2);
      sections.put(section[0], section[1]);
    }
    sections.put(title, "\n" + text.strip() + "\n");
    var all = new StringBuilder(PREFACE);
    sections.forEach((name, body) -> all.append(HEADING).append(name).append('\n').append(body));
    return all.toString();
  }
}
