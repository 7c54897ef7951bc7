package dev.ermine.app.command;

import dev.ermine.app.PrivateFile;
import dev.ermine.federation.DecisionChanges;
import dev.ermine.region.DeclarationChanges;
import dev.ermine.region.Regions;
import dev.ermine.region.SignableFile;
import dev.ermine.region.Stage;
import dev.ermine.trust.OfficerSigner;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trust sign}: an officer's signature under a file. */
@Command(
    name = "sign",
    description =
        "Sign a file as an officer; the signature goes to FILE.jws, in place of an older one.")
final class SignCommand implements Callable<Integer> {

  private final InstantSource clock;
  private final PrintWriter out;
  private final PrintWriter err;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--officer", required = true, paramLabel = "ID", description = "Who signs.")
  private String officer = "";

  @Option(
      names = "--key",
      required = true,
      paramLabel = "PRIVATE",
      description = "The officer's private key, a JWK that nobody else can read.")
  private Path key = Path.of("");

  @Option(
      names = "--suspensions",
      description = "FILE is of suspensions, over the regions of --regions.")
  private boolean suspensions;

  @Option(names = "--regions", paramLabel = "FILE", description = "The regions (${DEFAULT-VALUE}).")
  private Path regions = Path.of("regions.yaml");

  @Option(
      names = "--certs",
      paramLabel = "DIR",
      description = "Where the files that the regions name are (${DEFAULT-VALUE}).")
  private Path certs = Path.of("certs");

  @Option(
      names = "--against",
      paramLabel = "OLD",
      description = "The regions in force: say how much changes.")
  private @Nullable Path old;

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  @Parameters(paramLabel = "FILE", description = "What is signed.")
  private Path file = Path.of("");

  SignCommand(InstantSource clock, PrintWriter out, PrintWriter err) {
    this.clock = clock;
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    OfficerOption.check(officer, spec);
    Optional<OfficerSigner> signer = signer();
    Optional<SignableFile> signable = Signables.read(file, suspensions, regions, certs, err);
    Optional<Map<String, Object>> changes = signable.flatMap(this::changes);
    if (signer.isEmpty() || signable.isEmpty() || changes.isEmpty()) {
      return Exit.COULD_NOT_RUN;
    }
    write(signable.get(), signer.get());
    tell(signable.get(), changes.get());
    return Exit.GOOD;
  }

  /** The officer, unless the key is of no use, or open to others. */
  private Optional<OfficerSigner> signer() {
    Optional<String> fault = PrivateFile.fault(key, Stage.PRODUCTION);
    if (fault.isPresent()) {
      err.println("--key: " + fault.get());
      return Optional.empty();
    }
    try {
      return Optional.of(OfficerSigner.read(officer, key));
    } catch (IllegalArgumentException e) {
      err.println("--key: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** How much changes; nothing, where that was asked for and cannot be said. */
  private Optional<Map<String, Object>> changes(SignableFile signable) {
    if (old == null) {
      return Optional.of(Map.of());
    }
    return Versions.read(old, certs, err).map(before -> changes(before, signable.effective()));
  }

  private Map<String, Object> changes(Regions before, Regions after) {
    LocalDate today = clock.instant().atZone(DiffCommand.LONDON).toLocalDate();
    DecisionChanges decisions = DecisionChanges.between(before, after, today);
    Map<String, Object> changes = new LinkedHashMap<>();
    changes.put("opens", decisions.gained().size());
    changes.put("closes", decisions.lost().size());
    changes.put("declarations", DeclarationChanges.between(before, after).size());
    return changes;
  }

  /** Beside it, then in its place: nobody sees half of it. */
  private void write(SignableFile signable, OfficerSigner signer) throws IOException {
    List<String> lines = new ArrayList<>(signable.signatures());
    lines.removeIf(line -> OfficerSigner.signer(line).filter(officer::equals).isPresent());
    lines.add(signer.sign(signable.kind(), signable.bytes()));
    Path to = SignableFile.signaturesOf(file);
    Path fresh = to.resolveSibling(to.getFileName() + ".new");
    Files.write(fresh, lines, StandardCharsets.US_ASCII);
    Files.move(fresh, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private void tell(SignableFile signable, Map<String, Object> changes) {
    Map<String, Object> signed =
        Json.object("officer", officer, "serial", signable.serial(), "hash", signable.hash());
    signed.putAll(changes);
    if (json) {
      out.println(Json.text(signed));
    } else {
      Table table = new Table();
      signed.forEach((name, value) -> table.row(name, String.valueOf(value)));
      table.lines().forEach(out::println);
    }
  }
}
