package dev.ermine.app.command;

import static java.util.stream.Collectors.toSet;

import dev.ermine.audit.PseudonymisedAudit;
import dev.ermine.audit.Pseudonyms;
import dev.ermine.region.Agreement;
import dev.ermine.region.Regions;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trust pseudonymise}: an audit file without its people, fit to be replayed elsewhere. */
@Command(
    name = "pseudonymise",
    description = "The queries of an audit file on standard output, without patients and users.")
final class PseudonymiseCommand implements Callable<Integer> {

  private final OutputStream out;
  private final PrintWriter err;

  @Parameters(index = "0", paramLabel = "AUDIT", description = "The audit file.")
  private Path audit = Path.of("");

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description =
          "A secret of 32 bytes or more, so that files made at different times have the same"
              + " pseudonyms; otherwise a random one, forgotten at the end.")
  private @Nullable Path key;

  @Mixin private TrustFiles files = new TrustFiles();

  PseudonymiseCommand(OutputStream out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    Optional<Regions> version = files.version(err);
    byte[] secret = secret();
    if (version.isEmpty()) {
      return Exit.COULD_NOT_RUN;
    }
    if (secret.length < Pseudonyms.KEY_BYTES) {
      err.println("`" + key + "` is too short; a key has 32 bytes or more");
      return Exit.COULD_NOT_RUN;
    }
    OutputStream lines = new BufferedOutputStream(out, 1 << 16);
    long left =
        new PseudonymisedAudit(new Pseudonyms(secret), words(version.get())).write(audit, lines);
    lines.flush();
    err.println(left + " lines were left out, being no whole event of a query");
    return Exit.GOOD;
  }

  private byte[] secret() throws IOException {
    if (key != null) {
      return Files.readAllBytes(key);
    }
    byte[] random = new byte[Pseudonyms.KEY_BYTES];
    new SecureRandom().nextBytes(random);
    return random;
  }

  private static Set<String> words(Regions version) {
    return version.agreements().stream().flatMap(PseudonymiseCommand::words).collect(toSet());
  }

  private static Stream<String> words(Agreement agreement) {
    return Stream.concat(
        agreement.relationship().bases().stream(),
        agreement.breakGlass().stream().flatMap(terms -> terms.stepUp().contexts().stream()));
  }
}
