package dev.ermine.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The FHIR datatypes that an AuditEvent is made of, as JSON. Text that a token or a request brought
 * is made fit for them, never refused: what happened must be written down, however it was spelt.
 *
 * @see <a href="https://hl7.org/fhir/R4/datatypes.html">FHIR R4: Datatypes</a>
 */
final class Datatypes {

  /** Neither belongs in a FHIR string, and half a surrogate pair has no UTF-8. */
  private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Cs}]");

  private static final Pattern NOT_IN_URI = Pattern.compile("[^!-~]+");

  private Datatypes() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ObjectNode coding(String system, String code) {
    return object().put("system", system).put("code", code);
  }

  static ObjectNode concept(String system, String code) {
    ObjectNode concept = object();
    concept.putArray("coding").add(coding(system, code));
    return concept;
  }

  static ObjectNode identifier(String system, String value) {
    return text(object().put("system", system), "value", value);
  }

  /** A reference by identifier: the gateway stores no resource that could be pointed to. */
  static ObjectNode reference(String type, ObjectNode identifier) {
    ObjectNode reference = object().put("type", type);
    reference.set("identifier", identifier);
    return reference;
  }

  static ObjectNode detail(String type, String value) {
    return text(object().put("type", type), "valueString", value);
  }

  /** Sets {@code name} to the text, unless it is blank: FHIR knows no empty value. */
  static ObjectNode text(ObjectNode node, String name, String value) {
    return value.isBlank() ? node : node.put(name, text(value));
  }

  static String text(String raw) {
    return isPlain(raw) ? raw : UNFIT.matcher(raw).replaceAll("\uFFFD");
  }

  /** Nearly all text is, and need not be searched. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        return false;
      }
    }
    return true;
  }

  /** With what a URI cannot hold percent-encoded. */
  static String uri(String raw) {
    return NOT_IN_URI
        .matcher(raw)
        .replaceAll(
            unfit -> URLEncoder.encode(unfit.group(), StandardCharsets.UTF_8).replace("+", "%20"));
  }
}
