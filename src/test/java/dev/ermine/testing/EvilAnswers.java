package dev.ermine.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ermine.testing.EvilPeer.Request;
import dev.ermine.testing.EvilPeer.Script;
import java.util.function.Function;

/** What regions of one patient write that answer in HTTP, and not as they should in FHIR. */
final class EvilAnswers {

  static final String OUTCOME =
      "{'resourceType':'OperationOutcome','issue':[{'severity':'error','code':'exception'}]}";

  private static final String HTTP = "HTTP/1.1 ";
  private static final String FHIR_JSON = "application/fhir+json";
  private static final String PATIENT =
      "{'resourceType':'Patient','id':'p','identifier':[{'system':"
          + "'https://fhir.nhs.uk/Id/nhs-number','value':'9000000009'}]}";
  private static final String ALLERGY =
      "{'resourceType':'AllergyIntolerance','id':'a','patient':{'reference':'Patient/p'}%s}";

  private EvilAnswers() {}

  /** Knows the patient, and answers a search for allergies so: bytes of HTTP. */
  static Script knowing(Function<Request, String> allergies) {
    return Script.answering(
        request ->
            request.target().contains("Patient")
                ? ok(searchset(PATIENT, ""))
                : allergies.apply(request));
  }

  /** Answers everything with a status and one header. */
  static Script always(String status, String header) {
    String headers = header.isEmpty() ? "" : header + "\r\n";
    return Script.answering(_ -> HTTP + status + "\r\n" + headers + "Content-Length: 0\r\n\r\n");
  }

  /** 200 and that body, as FHIR. */
  static String ok(String body) {
    return ok(body, FHIR_JSON);
  }

  static String ok(String body, String type) {
    return HTTP
        + "200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(type, body.getBytes(UTF_8).length)
        + body;
  }

  /** A searchset of one allergy, which goes on at a page of that name. */
  static String page(Request request, String next) {
    String address = "https://" + request.header("Host") + "/fhir?_page=" + next;
    return ok(
        searchset(
            ALLERGY.formatted(""),
            ",\"link\":[{\"relation\":\"next\",\"url\":\"" + address + "\"}]"));
  }

  /** The page after the one that is asked for. */
  static String ever(Request request) {
    String[] parts = request.target().split("_page=", 2);
    return page(request, String.valueOf(parts.length == 1 ? 1 : Integer.parseInt(parts[1]) + 1));
  }

  /** So many allergies. */
  static String many(int entries) {
    String one = "{\"resource\":" + ALLERGY.formatted("").replace('\'', '"') + "}";
    return ok(
        "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":["
            + (one + ",").repeat(entries - 1)
            + one
            + "]}");
  }

  /** An allergy as a later release of FHIR, or an extension of it, may write it. */
  static String later() {
    String more =
        ",'participant':[{'actor':{'display':'R5'}}],'madeUp':{'deep':[1,2.50,{'x':null}]},"
            + "'type':{'coding':[{'code':'allergy'}]}";
    return ok(searchset(ALLERGY.formatted(more), ",\"madeUp\":true"));
  }

  /** An allergy, and another answer that nobody asked for behind it. */
  static String twice() {
    String one = ok(searchset(ALLERGY.formatted(""), ""));
    return one + one.replace("\"a\"", "\"b\"");
  }

  /** A searchset of one resource, or of none, in apostrophes, with more members. */
  static String searchset(String resource, String more) {
    String entry = resource.isEmpty() ? "" : "{\"resource\":" + resource.replace('\'', '"') + "}";
    return "{\"resourceType\":\"Bundle\",\"type\":\"searchset\"%s,\"entry\":[%s]}"
        .formatted(more, entry);
  }
}
