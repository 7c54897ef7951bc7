package dev.ermine.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ermine.sandbox.Terminal.Ink;
import dev.ermine.testing.Asker;
import dev.ermine.testing.GatewayProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The demonstration: sandbox and packaged gateway as processes of their own, one question of an
 * A&amp;E doctor in Harlow, and its answer as a person wants to see it.
 *
 * <p>Exit 0 if all is as it should be, 1 if not, 2 for usage, 3 if it could not run.
 */
public final class Demo {

  static final Path KEYS = Path.of("certs", "dev");
  static final URI GATEWAY = URI.create("https://localhost:8443");

  private static final int MANAGEMENT = 9000;
  private static final Path REGIONS = Path.of("regions.yaml");
  private static final Path FILES = Path.of("target", "demo");

  private static final String TYPES =
      "Patient,AllergyIntolerance,Condition,MedicationStatement,MedicationRequest,Observation,"
          + "Encounter,Procedure,Immunization,DiagnosticReport,DocumentReference,CarePlan,Flag,"
          + "Appointment,ServiceRequest";

  private static final int MOST_ROUNDS = 12;
  private static final List<String> OTHERS =
      List.of(
          Stories.OTHER_NUMBER,
          Stories.OTHER_SUBJECT,
          Stories.RESTRICTED,
          Stories.LONG_RECORD,
          Stories.UNKNOWN);

  private final Terminal terminal = new Terminal();
  private final boolean once;

  private Demo(boolean once) {
    this.once = once;
  }

  /** Runs it; {@code --once} ends it after the answer. */
  public static void main(String[] args) {
    List<String> options = List.of(args);
    if (!options.isEmpty() && !options.equals(List.of("--once"))) {
      System.err.println("usage: ./ermine demo [--once]");
      System.exit(2);
    }
    System.exit(new Demo(options.contains("--once")).run());
  }

  /** The claim {@code patient} of the doctor's tokens: what A&amp;E knows of her. */
  static Map<String, Object> ada() {
    return Map.of(
        "identifier",
        Stories.ADA_OKAFOR,
        "family",
        "Okafor",
        "given",
        List.of("Ada"),
        "birthdate",
        "1961-04-02",
        "gender",
        "female");
  }

  private int run() {
    List<Integer> taken = takenPorts();
    if (!taken.isEmpty()) {
      String ports = taken.stream().map(String::valueOf).collect(Collectors.joining(", "));
      System.err.println("taken: port " + ports + "; stop what listens there, and try again");
      return 3;
    }
    terminal.line("making keys and certificates in " + KEYS + ", unless they are there");
    DevPki pki = DevPki.in(KEYS);
    terminal.line("starting seven regions (WireMock, ports 8451 to 8457)");
    try (var sandbox = SandboxProcess.start(KEYS)) {
      terminal.line("starting the gateway (the packaged jar, port " + GATEWAY.getPort() + ")");
      try (var gateway = startGateway(pki)) {
        return show(pki, sandbox, gateway);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("could not run the demo: " + e.getMessage());
      return 3;
    }
  }

  private static GatewayProcess startGateway(DevPki pki) throws IOException {
    Files.createDirectories(FILES);
    // The file itself and not a copy: an edit takes effect while the demo is up.
    var properties = Map.of("ermine.regions", REGIONS.toAbsolutePath().toString());
    return GatewayProcess.start(
        pki, Files.readString(REGIONS), FILES, GATEWAY.getPort(), MANAGEMENT, properties);
  }

  /**
   * Nine JVMs that have just started are slower than regions may be, on a small machine: they
   * practise on other patients until all are heard in time.
   */
  private void warmUp(DevPki pki) throws IOException {
    terminal.line("warming up on other patients");
    for (int round = 0; round < MOST_ROUNDS; round++) {
      boolean heard = true;
      for (String patient : OTHERS) {
        var asker = doctor(pki).with("patient", null);
        var view = MergedView.of(asker.search("/fhir/_search", form(patient)));
        heard &= view.account().stream().noneMatch(line -> line.status().equals("timed-out"));
      }
      if (heard) {
        return;
      }
    }
  }

  private int show(DevPki pki, SandboxProcess sandbox, GatewayProcess gateway) throws IOException {
    warmUp(pki);
    terminal.line("asking as an A&E doctor at Princess Alexandra Hospital, Harlow");
    var view = MergedView.of(doctor(pki).search("/fhir/_search", form(Stories.ADA_OKAFOR)));
    new DemoPage(terminal, view).print();
    List<String> off = off(view);
    if (!off.isEmpty()) {
      terminal.heading("Not as it should be");
      off.forEach(fault -> terminal.line("  " + terminal.ink(Ink.RED, "✗ ") + fault));
    }
    if (once) {
      terminal.gap();
      return off.isEmpty() ? 0 : 1;
    }
    printCurl(pki);
    terminal.gap();
    terminal.line("up until Ctrl-C");
    var ending = new AtomicBoolean();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ending.set(true), "note-the-end"));
    CompletableFuture.anyOf(sandbox.process().onExit(), gateway.process().onExit()).join();
    if (ending.get()) {
      return 0; // Ctrl-C: whoever ended did so because of us
    }
    System.err.println("a region or the gateway has ended: see " + FILES + "/gateway.log");
    return 1;
  }

  private static Asker doctor(DevPki pki) {
    return Asker.of(pki, "hwe", GATEWAY).with("patient", ada());
  }

  private static Map<String, String> form(String nhsNumber) {
    var form = new LinkedHashMap<String, String>();
    form.put("_type", TYPES);
    form.put("patient.identifier", Asker.NHS_NUMBER + nhsNumber);
    return form;
  }

  /** What is not as the story has it. */
  private static List<String> off(MergedView view) {
    var off = new ArrayList<String>();
    expect(off, view.status() == 200, "HTTP status is " + view.status() + ", not 200");
    int outcomes = view.outcomes().size();
    expect(off, outcomes == 1, "there are " + outcomes + " OperationOutcomes, not one");
    for (PeerRegion region : PeerRegion.values()) {
      boolean told = view.account().stream().anyMatch(line -> line.region().equals(region.id()));
      expect(off, told, region.id() + " is not accounted for");
    }
    expect(off, has(view, "london", "answered"), "london has not `answered`");
    expect(off, has(view, "wessex", "timed-out"), "wessex has not `timed-out`");
    expect(
        off,
        view.account().stream().anyMatch(line -> line.text().contains("differs")),
        "Greater Manchester's patient is not said to differ in given name");
    expect(off, says(view, "Medication", "387000003"), "levetiracetam is missing");
    expect(off, says(view, "AllergyIntolerance", "91936005"), "the penicillin allergy is missing");
    expect(off, says(view, "AllergyIntolerance", "716186003"), "Yorkshire's allergies are missing");
    expect(
        off,
        view.startsWithConflict("allergy-denied"),
        "the contradiction about allergies is not the first thing said");
    expect(off, groups(view), "levetiracetam of london and essex-suffolk is not one group");
    expect(off, says(view, "CarePlan", "887701000000100"), "the urgent care plan is missing");
    expect(
        off,
        says(view, "DocumentReference", "16521000000101"),
        "the Lloyd George document is missing");
    return off;
  }

  private static void expect(List<String> off, boolean fulfilled, String fault) {
    if (!fulfilled) {
      off.add(fault);
    }
  }

  private static boolean has(MergedView view, String region, String status) {
    return view.account().stream()
        .anyMatch(line -> line.region().equals(region) && line.status().equals(status));
  }

  private static boolean says(MergedView view, String type, String code) {
    return view.resources(type)
        .flatMap(sourced -> sourced.resource().findValues("coding").stream())
        .flatMap(JsonNode::valueStream)
        .anyMatch(coding -> coding.path("code").asText().equals(code));
  }

  /** Whether the prescription that two regions hold is shown as one fact. */
  private static boolean groups(MergedView view) {
    List<MergedView.Sourced> prescriptions = view.resources("MedicationRequest").toList();
    return prescriptions.stream()
        .filter(one -> one.source().equals("london"))
        .flatMap(one -> one.alternates().stream())
        .anyMatch(
            url ->
                prescriptions.stream()
                    .anyMatch(
                        other ->
                            other.source().equals("essex-suffolk") && other.fullUrl().equals(url)));
  }

  private void printCurl(DevPki pki) throws IOException {
    Path token = KEYS.resolve("token.header");
    KeyFile.writePrivate(token, "Authorization: Bearer " + doctor(pki).token() + "\n");
    terminal.heading("The same with curl");
    terminal.line("  curl --cacert " + KEYS + "/gateway-ca.crt \\");
    terminal.line("    --cert " + KEYS + "/hwe-client.crt --key " + KEYS + "/hwe-client.key \\");
    terminal.line("    -H @" + token + " -H 'Accept: application/fhir+json' \\");
    String indent = "    --data-urlencode '";
    // Unquoted, so that the shell joins what is broken here for the eye.
    terminal.line("    -d _type=" + TYPES.replaceAll(",(Obs|Doc)", ",\\\\\n$1") + " \\");
    terminal.line(indent + "patient.identifier=" + Asker.NHS_NUMBER + Stories.ADA_OKAFOR + "' \\");
    terminal.line("    " + GATEWAY + "/fhir/_search");
    terminal.gap();
    terminal.line("  A token is good for one request, within five minutes. The next one:");
    terminal.line("  ./ermine token > " + token);
  }

  private static List<Integer> takenPorts() {
    IntStream ports =
        IntStream.concat(
            IntStream.of(GATEWAY.getPort(), MANAGEMENT),
            Arrays.stream(PeerRegion.values()).mapToInt(PeerRegion::usualPort));
    return ports.filter(Demo::isTaken).boxed().toList();
  }

  private static boolean isTaken(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return !socket.isBound();
    } catch (IOException e) {
      return true;
    }
  }
}
