package dev.ermine.app.command;

import dev.ermine.region.Approval.Flaw;
import dev.ermine.region.Approval.Signers;
import dev.ermine.region.SignableFile;
import dev.ermine.trust.OfficerKey;
import dev.ermine.trust.OfficerSignatures;
import dev.ermine.trust.Signatory;
import dev.ermine.trust.Tenure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trust verify}: who has signed a file. */
@Command(
    name = "verify",
    description = "Who has signed a file, whose signature does not count and why.")
final class VerifyCommand implements Callable<Integer> {

  private static final String KEY = ".jwk.json";

  private final InstantSource clock;
  private final PrintWriter out;
  private final PrintWriter err;

  @Option(
      names = "--officers",
      required = true,
      paramLabel = "DIR",
      description = "The officers' public keys, in files such as `alice.jwk.json`.")
  private Path directory = Path.of("");

  @Option(
      names = "--signatures",
      paramLabel = "N",
      description = "How many have to sign; otherwise 2, and 1 for suspensions.")
  private @Nullable Integer needed;

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

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  @Parameters(paramLabel = "FILE", description = "What is signed.")
  private Path file = Path.of("");

  VerifyCommand(InstantSource clock, PrintWriter out, PrintWriter err) {
    this.clock = clock;
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    Optional<List<Signatory>> officers = officers();
    Optional<SignableFile> signed = Signables.read(file, suspensions, regions, certs, err);
    if (officers.isEmpty() || signed.isEmpty()) {
      return Exit.COULD_NOT_RUN;
    }
    OfficerSignatures approval = new OfficerSignatures(officers.get(), clock);
    return tell(signed.get(), signed.get().signers(approval));
  }

  private Optional<List<Signatory>> officers() throws IOException {
    List<Signatory> officers = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      err.println("--officers: `" + directory + "` is no directory");
      return Optional.empty();
    }
    try (DirectoryStream<Path> keys = Files.newDirectoryStream(directory, "*" + KEY)) {
      for (Path key : keys) {
        officers.add(officer(key));
      }
    } catch (IllegalArgumentException e) {
      err.println("--officers: " + e.getMessage());
      return Optional.empty();
    }
    Map<String, String> sharing = OfficerSignatures.sharing(officers);
    sharing.forEach(
        (id, other) -> err.println("--officers: `" + id + "` has the key of `" + other + "`, too"));
    return sharing.isEmpty() ? Optional.of(officers) : Optional.empty();
  }

  private static Signatory officer(Path key) {
    String name = key.getFileName().toString();
    return new Signatory(
        name.substring(0, name.length() - KEY.length()), OfficerKey.readPublic(key), Tenure.ALWAYS);
  }

  private int tell(SignableFile signed, Signers signers) {
    int demanded = needed != null ? needed : suspensions ? 1 : 2;
    boolean met = signers.officers().size() >= demanded;
    List<String> officers = List.copyOf(new TreeSet<>(signers.officers()));
    if (json) {
      out.println(Json.text(json(signed, officers, signers.flaws(), demanded, met)));
    } else {
      out.println("serial " + signed.serial() + ", hash " + signed.hash());
      officers.forEach(officer -> out.println("signed by " + officer));
      signers.flaws().forEach(flaw -> out.println("line " + flaw.line() + " " + flaw.message()));
      out.println(
          "%d of %d signatures: %s"
              .formatted(officers.size(), demanded, met ? "enough" : "not enough"));
    }
    return met ? Exit.GOOD : Exit.FINDING;
  }

  private static Map<String, Object> json(
      SignableFile signed, List<String> officers, List<Flaw> flaws, int demanded, boolean met) {
    return Json.object(
        "serial",
        signed.serial(),
        "hash",
        signed.hash(),
        "signed-by",
        officers,
        "not-counted",
        flaws.stream()
            .map(flaw -> Json.object("line", flaw.line(), "message", flaw.message()))
            .toList(),
        "needed",
        demanded,
        "enough",
        met);
  }
}
