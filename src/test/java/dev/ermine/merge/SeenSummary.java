package dev.ermine.merge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ermine.fhir.Demographics;
import dev.ermine.fhir.Demographics.PersonName;
import dev.ermine.merge.summary.SummaryQuery;
import dev.ermine.region.Organisation;
import dev.ermine.testing.Given;
import dev.ermine.testing.Narratives;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A summary as who gets it reads it: its JSON, and its narratives as XML. */
record SeenSummary(String text, JsonNode bundle) {

  /** Ada, as a token has her. */
  static final Optional<Demographics> ADA =
      Optional.of(
          new Demographics(
              List.of(new PersonName(Optional.empty(), Optional.of("Okafor"), List.of("Ada"))),
              Optional.of("1961-04-02"),
              Optional.of("female")));

  /** The summary that these contributions come to. */
  static SeenSummary of(List<Contribution> contributions, Optional<Demographics> token) {
    Merged merged =
        new Merge(Deal.GATEWAY)
            .merge(
                SummaryQuery.of(Given.ADA),
                new Sought(Given.ADA, Set.of(), ADA),
                contributions,
                "request",
                Given.NOON);
    return of(merged, token);
  }

  static SeenSummary of(Merged merged, Optional<Demographics> token) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      merged
          .summary(token, new Organisation("QM7", "Herts and West Essex"), Narratives.QUTE)
          .writeTo(out);
      String text = out.toString(StandardCharsets.UTF_8);
      return new SeenSummary(text, SyntheaRecord.JSON.readTree(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode composition() {
    return bundle.at("/entry/0/resource");
  }

  /** The resource at that {@code fullUrl}. */
  JsonNode resource(String fullUrl) {
    return children(bundle.path("entry"))
        .filter(entry -> entry.path("fullUrl").asText().equals(fullUrl))
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing stands at " + fullUrl))
        .path("resource");
  }

  List<String> fullUrls() {
    return children(bundle.path("entry")).map(entry -> entry.path("fullUrl").asText()).toList();
  }

  List<String> titles() {
    return children(composition().path("section"))
        .map(section -> section.path("title").asText())
        .toList();
  }

  boolean has(String code) {
    return sections().anyMatch(section -> is(code, section));
  }

  /** The section of that code. */
  JsonNode section(String code) {
    return sections()
        .filter(section -> is(code, section))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no section " + code + " in " + titles()));
  }

  private Stream<JsonNode> sections() {
    return children(composition().path("section"));
  }

  private static boolean is(String code, JsonNode section) {
    return section.at("/code/coding/0/code").asText().equals(code);
  }

  /** Where the entries of that section stand. */
  List<String> entries(String code) {
    return children(section(code).path("entry"))
        .map(entry -> entry.path("reference").asText())
        .toList();
  }

  /** What a person reads in that section. */
  String read(String code) {
    return xml(section(code)).getTextContent().replaceAll("\\s+", " ");
  }

  List<String> narratives() {
    return sections()
        .map(section -> xml(section).getTextContent().replaceAll("\\s+", " "))
        .toList();
  }

  /** Names of the elements that its narratives are made of. */
  Set<String> elements() {
    Set<String> names = new TreeSet<>();
    sections()
        .map(SeenSummary::xml)
        .forEach(
            div -> {
              names.add(div.getNodeName());
              NodeList all = div.getElementsByTagName("*");
              for (int i = 0; i < all.getLength(); i++) {
                names.add(all.item(i).getNodeName());
              }
            });
    return names;
  }

  private static Element xml(JsonNode section) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(section.at("/text/div").asText())))
          .getDocumentElement();
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new AssertionError("no XHTML: " + section.at("/text/div").asText(), e);
    }
  }

  /** Every resource in it that no path of references from its Composition leads to. */
  List<String> unreachable() {
    List<String> lost = new ArrayList<>(fullUrls());
    List<String> ahead = new ArrayList<>(List.of(lost.getFirst()));
    while (!ahead.isEmpty()) {
      String next = ahead.removeLast();
      if (lost.remove(next)) {
        resource(next).findValuesAsText("reference").forEach(ahead::add);
      }
    }
    return lost;
  }

  static Stream<JsonNode> children(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
