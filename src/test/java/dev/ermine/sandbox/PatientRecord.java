package dev.ermine.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a region holds under one NHS number. Whether all of it is truly that person's is another
 * matter: some stories are about that.
 *
 * @param nhsNumber the number that it is found by
 * @param resources in the order the region lists them, the Patient first
 */
record PatientRecord(String nhsNumber, List<ObjectNode> resources) {

  PatientRecord {
    resources = List.copyOf(resources);
  }

  /** The id of its Patient. */
  String patientId() {
    return resources.getFirst().path("id").asText();
  }

  /** The resources of a type. */
  Stream<ObjectNode> ofType(String type) {
    return resources.stream().filter(resource -> isOf(type, resource));
  }

  /** The resource that a relative, absolute or {@code urn:uuid:} reference means. */
  Optional<ObjectNode> referredTo(JsonNode reference) {
    String text = reference.path("reference").asText();
    return resources.stream().filter(resource -> means(text, resource)).findFirst();
  }

  static boolean isOf(String type, JsonNode resource) {
    return resource.path("resourceType").asText().equals(type);
  }

  private static boolean means(String reference, JsonNode resource) {
    String id = resource.path("id").asText();
    String relative = resource.path("resourceType").asText() + "/" + id;
    return reference.equals(relative)
        || reference.endsWith("/" + relative)
        || reference.equals("urn:uuid:" + id);
  }

  /** Never the number. */
  @Override
  public String toString() {
    return "PatientRecord[" + resources.size() + " resources]";
  }
}
