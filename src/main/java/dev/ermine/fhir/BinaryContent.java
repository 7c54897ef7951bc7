package dev.ermine.fhir;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The document inside a {@code Binary}: its own type and bytes.
 *
 * @param contentType as the resource says
 * @see <a href="https://hl7.org/fhir/R4/binary.html#rest">FHIR R4: serving Binary resources</a>
 */
public record BinaryContent(String contentType, Slice bytes) {

  private static final JsonMapper JSON = new JsonMapper();

  /** What the resource holds; empty when it is no Binary, or says neither type nor data. */
  public static Optional<BinaryContent> of(Gather resource) {
    try {
      JsonNode binary = JSON.readTree(bytes(resource));
      JsonNode data = binary.path("data");
      return binary.path("resourceType").asText().equals("Binary")
              && binary.path("contentType").isTextual()
              && data.isTextual()
          ? Optional.of(new BinaryContent(binary.path("contentType").asText(), slice(data)))
          : Optional.empty();
    } catch (JacksonException _) {
      // No JSON, or data that is no base64: there is no document to be had of it.
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Slice slice(JsonNode data) throws IOException {
    byte[] bytes = data.binaryValue();
    return new Slice(bytes, 0, bytes.length);
  }

  private static byte[] bytes(Gather resource) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream((int) resource.length());
    resource.writeTo(out);
    return out.toByteArray();
  }
}
