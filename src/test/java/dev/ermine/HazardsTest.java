package dev.ermine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The hazard log speaks of controls that are there, and of tests that are run. */
class HazardsTest {

  private static final Path LOG = Path.of("HAZARDS.md");
  private static final Pattern TEST = Pattern.compile("`([\\w.]+)#(\\w+)`");
  private static final Pattern CONTROL = Pattern.compile("`((?:[a-z]+\\.)+[A-Z]\\w+)`");
  private static final List<String> SEVERITIES =
      List.of("catastrophic", "major", "considerable", "significant", "minor");

  private static List<Hazard> hazards = List.of();

  private record Hazard(
      String id, String hazard, String cause, String effect, String control, String tests) {}

  @BeforeAll
  static void read() throws IOException {
    hazards =
        Files.readAllLines(LOG).stream()
            .filter(line -> line.startsWith("| H"))
            .map(HazardsTest::hazard)
            .toList();
    assertThat(hazards).hasSizeGreaterThan(20);
  }

  private static Hazard hazard(String line) {
    String[] cells = line.split("\\s*\\|\\s*", -1);
    assertThat(cells).as(line).hasSize(8);
    return new Hazard(cells[1], cells[2], cells[3], cells[4], cells[5], cells[6]);
  }

  @Test
  void everyHazardHasAnIdOfItsOwnAndIsToldWhole() {
    assertThat(hazards).extracting(Hazard::id).doesNotHaveDuplicates().isSorted();
    assertThat(hazards)
        .allSatisfy(
            hazard -> {
              assertThat(hazard.hazard()).isNotBlank();
              assertThat(hazard.cause()).isNotBlank();
              assertThat(SEVERITIES).as(hazard.id()).anyMatch(hazard.effect()::endsWith);
            });
  }

  @Test
  void everyControlNamesAClassThatIsThere() {
    for (Hazard hazard : hazards) {
      List<String> named = all(CONTROL, hazard.control()).map(found -> found.group(1)).toList();
      assertThat(named).as(hazard.id()).isNotEmpty().allMatch(HazardsTest::isThere);
    }
  }

  @Test
  void everyControlIsShownByATestThatIsRun() {
    for (Hazard hazard : hazards) {
      List<MatchResult> named = all(TEST, hazard.tests()).toList();
      assertThat(named).as(hazard.id()).isNotEmpty();
      assertThat(named).allMatch(HazardsTest::isRun, hazard.id() + ": a test");
    }
  }

  private static Stream<MatchResult> all(Pattern pattern, String text) {
    return pattern.matcher(text).results();
  }

  private static boolean isThere(String name) {
    try {
      return Class.forName("dev.ermine." + name, false, HazardsTest.class.getClassLoader())
          .getName()
          .endsWith(name);
    } catch (ClassNotFoundException _) {
      return false;
    }
  }

  private static boolean isRun(MatchResult named) {
    try {
      Class<?> test =
          Class.forName("dev.ermine." + named.group(1), false, HazardsTest.class.getClassLoader());
      return Arrays.stream(test.getDeclaredMethods())
          .filter(method -> method.getName().equals(named.group(2)))
          .anyMatch(HazardsTest::isTest);
    } catch (ClassNotFoundException _) {
      return false;
    }
  }

  private static boolean isTest(Method method) {
    return method.isAnnotationPresent(Test.class)
        || method.isAnnotationPresent(ParameterizedTest.class);
  }
}
