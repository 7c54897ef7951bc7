package dev.ermine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.testing.EvilRegions.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The fault catalogue speaks of tests that are there, and of statuses as they are tested. */
class FaultCatalogueTest {

  private static final int FAULTS = 42;
  private static final Pattern SHOWN = Pattern.compile("`((?:[\\w.]+\\.)?\\w+)#(\\w+)`");
  private static final Pattern EVIL = Pattern.compile("`EvilRegions\\.([A-Z0-9_]+)` ([a-z-]+)");
  private static final Pattern TOOL = Pattern.compile("`(bench\\.\\w+)`");

  private static Map<String, String> shownBy = Map.of();

  @BeforeAll
  static void read() throws IOException {
    shownBy =
        Files.readAllLines(Path.of("FAULTS.md")).stream()
            .filter(line -> line.startsWith("| B"))
            .map(line -> line.split("\\s*\\|\\s*", -1))
            .collect(Collectors.toMap(cells -> cells[1], cells -> cells[4]));
  }

  @Test
  void everyFaultStandsOnceAndIsShown() {
    assertThat(shownBy.keySet())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, FAULTS).mapToObj(number -> "B" + number).toList());
    assertThat(shownBy)
        .allSatisfy(
            (id, cell) ->
                assertThat(Stream.of(SHOWN, EVIL).flatMap(way -> all(way, cell)))
                    .as(id)
                    .isNotEmpty());
  }

  @Test
  void everyTestThatIsNamedIsThere() {
    shownBy.forEach(
        (id, cell) ->
            assertThat(all(SHOWN, cell))
                .allMatch(FaultCatalogueTest::isTest, id + ": a test that is there"));
  }

  @Test
  void everyToolThatIsNamedIsThere() {
    shownBy.values().stream()
        .flatMap(cell -> all(TOOL, cell))
        .forEach(tool -> assertThat(named(tool.group(1)).getSimpleName()).isNotEmpty());
  }

  @Test
  void everyKindOfEvilRegionIsSaidToBeWhatItIs() {
    shownBy.forEach(
        (id, cell) ->
            all(EVIL, cell)
                .forEach(
                    evil ->
                        assertThat(Kind.valueOf(evil.group(1)).status())
                            .as(id + " " + evil.group(1))
                            .isEqualTo(evil.group(2))));
  }

  /** Those of headers are of another catalogue: the defects of the stack. */
  @Test
  void noKindOfEvilRegionIsForgotten() {
    Set<String> told = new TreeSet<>();
    shownBy.values().forEach(cell -> all(EVIL, cell).forEach(evil -> told.add(evil.group(1))));
    List<String> kinds =
        Arrays.stream(Kind.values())
            .map(Kind::name)
            .filter(kind -> !kind.startsWith("HEADERS_"))
            .toList();
    assertThat(told).containsAll(kinds);
  }

  private static Stream<MatchResult> all(Pattern pattern, String text) {
    return pattern.matcher(text).results();
  }

  private static boolean isTest(MatchResult shown) {
    return Arrays.stream(named(shown.group(1)).getDeclaredMethods())
        .filter(method -> method.getName().equals(shown.group(2)))
        .anyMatch(
            method ->
                method.isAnnotationPresent(Test.class)
                    || method.isAnnotationPresent(ParameterizedTest.class)
                    || Arrays.stream(method.getAnnotations())
                        .anyMatch(is -> is.annotationType().getSimpleName().equals("FuzzTest")));
  }

  private static Class<?> named(String name) {
    try {
      return Class.forName("dev.ermine." + name, false, FaultCatalogueTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError("there is no `" + name + "`", e);
    }
  }
}
