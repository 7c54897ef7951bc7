package dev.ermine.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * All the records of one region, read from {@code /sandbox/<region>/<NHS number>.json} on the class
 * path: arrays of resources, in which <code>{{base}}</code> stands for the region's FHIR base and
 * <code>{{pdf:name.txt}}</code> for the base64 of a PDF with that file's text.
 */
record Holdings(List<PatientRecord> records) {

  private static final Pattern PDF = Pattern.compile("\\{\\{pdf:([a-z-]+\\.txt)}}");

  Holdings {
    records = List.copyOf(records);
  }

  /** The records of {@code region}, served at {@code base}. */
  static Holdings of(PeerRegion region, URI base) {
    var records = new ArrayList<PatientRecord>();
    for (String nhsNumber : Stories.ALL) {
      load(region, nhsNumber + ".json")
          .map(text -> new PatientRecord(nhsNumber, resources(region, base, text)))
          .map(record -> LongRecord.extend(region, record))
          .ifPresent(records::add);
    }
    return new Holdings(records);
  }

  /** The record found by an NHS number. */
  Optional<PatientRecord> byNumber(String nhsNumber) {
    return records.stream().filter(record -> record.nhsNumber().equals(nhsNumber)).findFirst();
  }

  /** The record whose Patient has that id. */
  Optional<PatientRecord> byPatient(String id) {
    return records.stream().filter(record -> record.patientId().equals(id)).findFirst();
  }

  /** The record that holds a resource. */
  Optional<PatientRecord> holding(String type, String id) {
    return records.stream().filter(record -> resource(record, type, id).isPresent()).findFirst();
  }

  /** A resource of a record. */
  static Optional<ObjectNode> resource(PatientRecord record, String type, String id) {
    return record.ofType(type).filter(node -> node.path("id").asText().equals(id)).findFirst();
  }

  private static List<ObjectNode> resources(PeerRegion region, URI base, String template) {
    String text =
        PDF.matcher(template.replace("{{base}}", base.toString()))
            .replaceAll(match -> pdf(region, match));
    try {
      var resources = new ArrayList<ObjectNode>();
      for (JsonNode resource : Json.MAPPER.readTree(text)) {
        resources.add((ObjectNode) resource);
      }
      return resources;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of " + region.id() + " is not JSON", e);
    }
  }

  private static String pdf(PeerRegion region, MatchResult match) {
    String text =
        load(region, match.group(1))
            .orElseThrow(() -> new IllegalStateException("no `" + match.group(1) + "`"));
    return Base64.getEncoder().encodeToString(Pdf.of(text.lines().toList()));
  }

  private static Optional<String> load(PeerRegion region, String name) {
    String path = "/sandbox/" + region.id() + "/" + name;
    try (InputStream in = Holdings.class.getResourceAsStream(path)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
