package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Parameter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormTextTest {

  @Test
  void readsNamesAndValuesInOrder() {
    assertThat(parameters("patient.identifier=https%3A%2F%2Fx%7C9&code=a+b&code="))
        .containsExactly(
            new Parameter("patient.identifier", "https://x|9"),
            new Parameter("code", "a b"),
            new Parameter("code", ""));
  }

  @Test
  void readsNothingFromNothing() {
    assertThat(parameters("")).isEmpty();
    assertThat(parameters("&&")).isEmpty();
  }

  @Test
  void splitsAtTheFirstEqualsSignAlone() {
    assertThat(parameters("a=b=c")).containsExactly(new Parameter("a", "b=c"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=%",
        "a=%4",
        "a=%4g",
        "a=%%41",
        "a=%u0041",
        "%zz=1",
        "a=%-1",
        "a=% 1",
        "a=%+1",
        "a=%C0%AF",
        "a=%ED%A0%80",
        "a=%FF",
        "a=%E2%82",
        "a=%00",
        "a=%0d%0a",
        "a=%7f",
        "a=%C2%85",
        "a",
        "=1",
        "a=1&b"
      })
  void refusesWhatIsNotOfTheForm(String text) {
    assertThat(parse(text)).isInstanceOf(FormText.Parsed.Malformed.class);
  }

  @Test
  void refusesRawBytesThatAreNotUtf8() {
    assertThat(FormText.parse(new byte[] {'a', '=', (byte) 0xff}))
        .isInstanceOf(FormText.Parsed.Malformed.class);
  }

  @Test
  void doesNotRepeatTheTextThatItRefuses() {
    FormText.Parsed parsed = parse("identifier=9000000009%");
    assertThat(((FormText.Parsed.Malformed) parsed).issue().text()).doesNotContain("9000000009");
  }

  @Test
  void readsBackWhateverIsWrittenRightly() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      List<Parameter> written = randomParameters(random);
      String text =
          written.stream()
              .map(p -> encode(p.name()) + "=" + encode(p.value()))
              .collect(Collectors.joining("&"));
      assertThat(parameters(text)).as("seed %d", seed).isEqualTo(written);
    }
  }

  private static List<Parameter> randomParameters(Random random) {
    List<Parameter> parameters = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      parameters.add(new Parameter("n" + randomText(random), randomText(random)));
    }
    return parameters;
  }

  private static String randomText(Random random) {
    return random
        .ints(random.nextInt(8), 0x20, 0x2_0000)
        .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static FormText.Parsed parse(String text) {
    return FormText.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Parameter> parameters(String text) {
    return ((FormText.Parsed.Parameters) parse(text)).list();
  }
}
