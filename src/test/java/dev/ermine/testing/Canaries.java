package dev.ermine.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.fhir.NhsNumber;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What must stand in no log, metric or trace of any test: NHS numbers, names of people, tokens,
 * private keys.
 */
public final class Canaries {

  private static final String GAP = "(?:[ +_-]|%20)?";

  private record Canary(String kind, Pattern pattern, Predicate<MatchResult> sure) {

    Canary(String kind, String pattern) {
      this(kind, Pattern.compile(pattern), _ -> true);
    }

    boolean isIn(String line) {
      return pattern.matcher(line).results().anyMatch(sure);
    }
  }

  private static final List<Canary> CANARIES =
      List.of(
          // The tests' own numbers, even where letters touch them; any other that stands alone.
          new Canary(
              "an NHS number",
              Pattern.compile(
                  "(?<![0-9])900"
                      + GAP
                      + "00[0-9]"
                      + GAP
                      + "[0-9]{4}(?![0-9])"
                      + "|(?<![0-9A-Za-z.])9[0-9]{2}"
                      + GAP
                      + "[0-9]{3}"
                      + GAP
                      + "[0-9]{4}(?![0-9A-Za-z])"),
              match -> isNhsNumber(match.group())),
          new Canary("a name", "(?iU)\\b(?:" + String.join("|", names()) + ")\\b"),
          new Canary("a token", "eyJ[A-Za-z0-9_-]{20,}"),
          new Canary("a private key", "-----BEGIN [A-Z ]*PRIVATE KEY-----"),
          new Canary("a private key", "\"d\"\\s*:\\s*\"[A-Za-z0-9_-]{20,}\""));

  private Canaries() {}

  /** The places in a text that should not be, each with its line; {@code source} names the text. */
  public static List<String> in(String source, String text) {
    var places = new ArrayList<String>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      for (Canary canary : CANARIES) {
        if (canary.isIn(line)) {
          places.add("%s:%d holds %s: %s".formatted(source, number, canary.kind(), line));
        }
      }
    }
    return places;
  }

  private static boolean isNhsNumber(String written) {
    return NhsNumber.parse(written.replaceAll("%20|[^0-9]", "")).isPresent();
  }

  /** Everybody in the sandbox's records, initials aside, and the doctor who asks. */
  private static Set<String> names() {
    var names = new TreeSet<>(Set.of("Jones"));
    for (JsonNode record : records()) {
      names.addAll(record.findValuesAsText("family"));
      record.findValues("given").forEach(given -> given.forEach(name -> names.add(name.asText())));
    }
    names.removeIf(name -> name.length() < 3);
    return names.stream().map(Pattern::quote).collect(Collectors.toSet());
  }

  private static List<JsonNode> records() {
    try (Stream<Path> files = Files.walk(Path.of(Canaries.class.getResource("/sandbox").toURI()))) {
      var json = new ObjectMapper();
      var records = new ArrayList<JsonNode>();
      for (Path file : files.filter(file -> file.toString().endsWith(".json")).toList()) {
        records.add(json.readTree(file.toFile()));
      }
      return records;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
