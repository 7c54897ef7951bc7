package dev.ermine.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ermine.sandbox.DevPki;
import dev.ermine.testing.EvilPeer.Request;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Regions that keep something back, with registers of objections, all on one server that answers at
 * once; its answers about {@link #TWIN} are as long as those about {@link #LABELLED}.
 */
public final class DiscreetRegions implements AutoCloseable {

  /** Of whom {@link #PLAIN} has two Observations, and more that is labelled. */
  public static final String LABELLED = "9000000092";

  /** Of whom it has the same two, and no more. */
  public static final String TWIN = "9000000106";

  /** Who objects, in the register of {@link #SAYING} and {@link #SILENT}, and at {@link #AHEAD}. */
  public static final String OBJECTOR = "9000000114";

  /** Of whom the register says nothing, since it is down. */
  public static final String UNSAID = "9000000122";

  /** Of whom {@link #AHEAD} has a Consent that means nothing. */
  public static final String MUDDLED = "9000000130";

  /** Of whom every record but {@link #PLAIN} says that they dissent. */
  public static final String DISSENTER = "9000000149";

  /** Whose Patient is restricted at {@link #PLAIN}. */
  public static final String RESTRICTED = "9000000157";

  /** Known nowhere. */
  public static final String UNKNOWN = "9000000165";

  /** Keeps no Consents; tells of nothing. */
  public static final String PLAIN = "plain";

  /** Has a register; tells of objections. */
  public static final String SAYING = "saying";

  /** Has the same register, asks it first, and tells of nothing. */
  public static final String SILENT = "silent";

  /** Keeps Consents in its record, which come first. */
  public static final String AHEAD = "ahead";

  private static final List<String> REGIONS = List.of(PLAIN, SAYING, SILENT, AHEAD);
  private static final Pattern NUMBER = Pattern.compile("9000000[0-9]{3}");
  private static final int LENGTH = 6_000;

  private final EvilPeer server;

  private DiscreetRegions(EvilPeer server) {
    this.server = server;
  }

  /** Starts them on a free port. */
  public static DiscreetRegions start(DevPki pki) {
    return new DiscreetRegions(
        new EvilPeer(
            pki.tls("london-server", "gateway-ca"),
            EvilPeer.Script.answering(DiscreetRegions::answer)));
  }

  /** Their ids, as {@code Ermine-Regions} lists them. */
  public static String ids() {
    return String.join(", ", REGIONS);
  }

  /** What was asked of a region, or of the {@code register}, as {@code Type parameters}. */
  public List<String> asked(String region) {
    String base = "/" + region + "/fhir/";
    return server.requests().stream()
        .filter(request -> request.target().startsWith(base))
        .map(
            request ->
                request.target().substring(base.length())
                    + " "
                    + URLDecoder.decode(request.body(), UTF_8))
        .toList();
  }

  /** The text of a {@code regions.yaml} with these regions and their agreements besides. */
  public String in(String regions) {
    String more = REGIONS.stream().map(this::region).collect(Collectors.joining());
    String agreed = REGIONS.stream().map(DiscreetRegions::agreement).collect(Collectors.joining());
    return regions
        .replace("denials:\n", more + "denials:\n")
        .replace("\nagreements:\n", "\nagreements:\n" + agreed);
  }

  private String base(String region) {
    return "https://localhost:" + server.base().getPort() + "/" + region + "/fhir";
  }

  private String region(String id) {
    return """
      %1$s:
        name: Region %1$s
        organisation: { ods: QMJ, name: Region %1$s }
        status: active
        answers:
          base: %2$s
          anchors: [london-ca.crt]
          token: { audience: %2$s, algorithm: ES256, use: context }
          lookup: two-step
          search: post
          budget: 8s
          limits: { rate: 5000/s }
          types: [Patient, Observation, DiagnosticReport, List, DocumentReference, Binary]
    %3$s"""
        .formatted(id, base(id), consents(id));
  }

  private String consents(String id) {
    String register =
        """
              register:
                base: %1$s
                anchors: [london-ca.crt]
                token: { audience: %1$s, algorithm: ES256, use: context }
                budget: 8s
                limits: { rate: 5000/s }
        """
            .formatted(base("register"));
    return switch (id) {
      case SAYING -> "    consents:\n      order: beside\n" + register;
      case SILENT -> "    consents:\n      order: ask-first\n" + register;
      case AHEAD -> "    consents: { order: ask-first }\n";
      default -> "";
    };
  }

  private static String agreement(String id) {
    String objections = id.equals(SILENT) || id.equals(PLAIN) ? "silent" : "say";
    return """
      - id: DSA-%1$s
        releases: %1$s
        to: [hwe]
        purposes: [TREAT]
        roles: [R8000]
        types: [Patient, Observation, DiagnosticReport, List, DocumentReference, Binary]
        relationship: required
        ceiling: { unlabelled-documents: permit }
        withheld: { objections: %2$s }
        valid: { from: 2021-12-01, until: 2099-11-30 }
    """
        .formatted(id, objections);
  }

  private static String answer(Request request) {
    String[] path = request.target().split("/", 5);
    String region = path[1];
    String type = path[3];
    String body = URLDecoder.decode(request.body(), UTF_8);
    if (type.equals("Binary")) {
      return response("200 OK", "{\"resourceType\":\"Binary\",\"id\":\"" + path[4] + "\"}");
    }
    String about =
        NUMBER
            .matcher(body + request.target())
            .results()
            .map(MatchResult::group)
            .findFirst()
            .orElse(UNKNOWN);
    if (about.equals(DISSENTER) && !List.of(PLAIN, "register").contains(region)) {
      return response("403 Forbidden", outcome("NO_PATIENT_CONSENT"));
    }
    if (region.equals("register") && about.equals(UNSAID)) {
      return response("500 Internal Server Error", outcome("down"));
    }
    List<String> found = record(region, about).getOrDefault(type, List.of());
    if (request.line().startsWith("GET")) {
      return found.stream()
          .filter(resource -> resource.contains("\"id\":\"" + path[4] + "\""))
          .findFirst()
          .map(resource -> response("200 OK", resource))
          .orElseGet(() -> response("404 Not Found", outcome("RESOURCE_NOT_FOUND")));
    }
    return response("200 OK", searchset(found, included(region, about, type)));
  }

  private static Map<String, List<String>> record(String region, String about) {
    if (about.equals(UNKNOWN)) {
      return Map.of();
    }
    if (region.equals("register")) {
      return about.equals(OBJECTOR) ? Map.of("Consent", List.of(consent(about, "deny"))) : Map.of();
    }
    boolean more = about.equals(LABELLED) && region.equals(PLAIN);
    List<String> consents =
        !region.equals(AHEAD)
            ? List.of()
            : switch (about) {
              case OBJECTOR -> List.of(consent(about, "deny"));
              case MUDDLED -> List.of(consent(about, "perhaps"));
              default -> List.of();
            };
    return Map.of(
        "Patient",
        List.of(patient(about, about.equals(RESTRICTED) && region.equals(PLAIN))),
        "Consent",
        consents,
        "Observation",
        some(
            more,
            observation(about, "1", "N"),
            observation(about, "2", "N"),
            observation(about, "3", "R")),
        "DiagnosticReport",
        some(more, "", "", report(about)),
        "List",
        some(more, "", "", list(about)),
        "DocumentReference",
        some(more, document(about, "4", "N"), "", document(about, "5", "R")));
  }

  private static List<String> included(String region, String about, String type) {
    return type.equals("List")
        ? record(region, about).getOrDefault("Observation", List.of())
        : List.of();
  }

  /** The first two, and the third where there is more. */
  private static List<String> some(boolean more, String first, String second, String third) {
    List<String> some = new ArrayList<>(List.of(first, second));
    if (more) {
      some.add(third);
    }
    return some.stream().filter(each -> !each.isEmpty()).toList();
  }

  private static String patient(String number, boolean restricted) {
    return """
        {"resourceType":"Patient","id":"p%1$s"%2$s,"identifier":[\
        {"system":"https://fhir.nhs.uk/Id/nhs-number","value":"%1$s"}]}"""
        .formatted(number, restricted ? "," + label("R") : "");
  }

  private static String observation(String number, String id, String level) {
    return """
        {"resourceType":"Observation","id":"o%2$s-%1$s",%3$s,"status":"final",\
        "code":{"text":"pulse"},"subject":{"reference":"Patient/p%1$s"}}"""
        .formatted(number, id, label(level));
  }

  private static String report(String number) {
    return """
        {"resourceType":"DiagnosticReport","id":"r1-%1$s","status":"final",\
        "code":{"text":"report"},"subject":{"reference":"Patient/p%1$s"},\
        "result":[{"reference":"Observation/o3-%1$s"}]}"""
        .formatted(number);
  }

  private static String list(String number) {
    return """
        {"resourceType":"List","id":"l1-%1$s","status":"current","mode":"snapshot",\
        "subject":{"reference":"Patient/p%1$s"},\
        "entry":[{"item":{"reference":"Observation/o1-%1$s"}},{"item":{"reference":"Observation/o3-%1$s"}}]}"""
        .formatted(number);
  }

  private static String document(String number, String id, String level) {
    return """
        {"resourceType":"DocumentReference","id":"d%2$s-%1$s",%3$s,"status":"current",\
        "subject":{"reference":"Patient/p%1$s"},\
        "content":[{"attachment":{"contentType":"text/plain","url":"Binary/b%2$s-%1$s"}}]}"""
        .formatted(number, id, label(level));
  }

  private static String label(String level) {
    return """
        "meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality",\
        "code":"%s"}]}"""
        .formatted(level);
  }

  private static String consent(String number, String type) {
    return """
        {"resourceType":"Consent","id":"c-%1$s","status":"active",\
        "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},\
        "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],\
        "patient":{"identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"%1$s"}},\
        "dateTime":"2026-01-01",\
        "policyRule":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"OPTOUT"}]},\
        "provision":{"type":"%2$s"}}"""
        .formatted(number, type);
  }

  private static String outcome(String code) {
    return """
        {"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"forbidden",\
        "details":{"coding":[{"system":"https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1","code":"%s"}]}}]}"""
        .formatted(code);
  }

  private static String searchset(List<String> matches, List<String> included) {
    String entries =
        Stream.concat(
                matches.stream().map(each -> entry(each, "match")),
                included.stream().map(each -> entry(each, "include")))
            .collect(Collectors.joining(","));
    String bundle =
        "{\"resourceType\":\"Bundle\",\"meta\":{\"tag\":[{\"display\":\"%s\"}]},\"type\":\"searchset\",\"entry\":["
            + entries
            + "]}";
    return bundle.formatted("x".repeat(LENGTH - bundle.length()));
  }

  private static String entry(String resource, String mode) {
    return "{\"resource\":" + resource + ",\"search\":{\"mode\":\"" + mode + "\"}}";
  }

  private static String response(String status, String body) {
    return "HTTP/1.1 "
        + status
        + "\r\nContent-Type: application/fhir+json\r\nContent-Length: "
        + body.getBytes(UTF_8).length
        + "\r\n\r\n"
        + body;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
