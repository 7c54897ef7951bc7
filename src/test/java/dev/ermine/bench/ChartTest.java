package dev.ermine.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.bench.Chart.Bar;
import dev.ermine.bench.Chart.Step;
import dev.ermine.bench.Chart.Steps;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ChartTest {

  private static final String SVG = "http://www.w3.org/2000/svg";

  @Test
  void drawsBarsInProportionAndSaysThemInWords() throws Exception {
    Document drawn =
        read(
            Chart.bars(
                "A < B & C", List.of(new Bar("small", 1, "1 ms"), new Bar("<big>", 4, "4 ms"))));
    assertThat(text(drawn, "title")).isEqualTo("A < B & C");
    assertThat(text(drawn, "desc")).contains("small: 1 ms", "<big>: 4 ms");
    List<Double> widths =
        elements(drawn, "rect").stream()
            .filter(bar -> bar.getAttribute("class").startsWith("fill"))
            .map(bar -> Double.parseDouble(bar.getAttribute("width")))
            .toList();
    assertThat(widths.get(1)).isEqualTo(4 * widths.get(0));
  }

  @Test
  void drawsStepsThatEndWhereTheAxisDoes() throws Exception {
    Steps steps = Steps.upTo("line", new double[] {3, 1, 2, 90});
    assertThat(steps.steps())
        .containsExactly(new Step(1, 25), new Step(2, 50), new Step(3, 75), new Step(90, 100));
    Document drawn = read(Chart.steps("T", "ms", 4, List.of(steps), "told"));
    String path =
        elements(drawn, "path").stream()
            .filter(line -> line.getAttribute("class").equals("curve curve0"))
            .findFirst()
            .orElseThrow()
            .getAttribute("d");
    assertThat(path.split("V", -1)).as("the last lies beyond").hasSize(4);
  }

  @Test
  void writesNumbersAlikeWhereverItRuns() throws Exception {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      String drawn =
          Chart.bars("T", List.of(new Bar("one", 1.5, "1.5"), new Bar("two", 4.1, "4.1")));
      assertThat(drawn).doesNotContainPattern("width=\"[0-9]+,");
      read(drawn);
    } finally {
      Locale.setDefault(before);
    }
  }

  private static Document read(String svg) throws Exception {
    var factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static String text(Document drawn, String name) {
    return elements(drawn, name).getFirst().getTextContent();
  }

  private static List<Element> elements(Document drawn, String name) {
    NodeList found = drawn.getElementsByTagNameNS(SVG, name);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }
}
