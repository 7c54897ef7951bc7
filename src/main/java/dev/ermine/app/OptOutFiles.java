package dev.ermine.app;

import dev.ermine.app.Live.Reading;
import dev.ermine.policy.OptOutKey;
import dev.ermine.policy.OptOutList;
import dev.ermine.policy.OptOuts;
import dev.ermine.region.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The register of opt-outs as it is configured: a list, and the key that it is written with.
 *
 * @param stage whether the key's file may be open to others
 */
record OptOutFiles(Optional<Path> file, Optional<Path> key, Stage stage)
    implements Live.Files<OptOuts> {

  private static final String FILE = "ermine.opt-outs.file: ";
  private static final String KEY = "ermine.opt-outs.key: ";

  static OptOutFiles of(GatewayConfig config, Stage stage) {
    return new OptOutFiles(
        config.optOuts().file(), config.optOuts().key().map(config::certsFile), stage);
  }

  @Override
  public String fingerprint() {
    return file.map(Fingerprint::of).orElse("none") + " " + key.map(Fingerprint::of).orElse("none");
  }

  @Override
  public Reading<OptOuts> read(Instant now) {
    if (file.isEmpty() && key.isEmpty()) {
      return new Reading.Good<>(new OptOuts.Unknown());
    }
    List<String> faults = new ArrayList<>();
    if (file.isEmpty()) {
      faults.add(FILE + "is missing; name the list, or take `ermine.opt-outs.key` away");
    }
    Optional<OptOutKey> secret = secret(faults);
    return faults.isEmpty()
        ? list(file.orElseThrow(), secret.orElseThrow())
        : new Reading.Refused<>(faults);
  }

  private Optional<OptOutKey> secret(List<String> faults) {
    if (key.isEmpty()) {
      faults.add(KEY + "is missing; name the file of the secret that the list is written with");
      return Optional.empty();
    }
    PrivateFile.fault(key.get(), stage).ifPresent(fault -> faults.add(KEY + fault));
    try {
      return Optional.of(new OptOutKey(Files.readAllBytes(key.get())));
    } catch (IOException e) {
      faults.add(KEY + "`" + key.get() + "` cannot be read; say where the secret is");
    } catch (IllegalArgumentException e) {
      faults.add(KEY + "`" + key.get() + "` is too short: " + e.getMessage());
    }
    return Optional.empty();
  }

  private static Reading<OptOuts> list(Path file, OptOutKey secret) {
    try (InputStream in = Files.newInputStream(file)) {
      return switch (OptOutList.read(in, secret)) {
        case OptOutList.Reading.Read(OptOutList list) -> new Reading.Good<>(list);
        case OptOutList.Reading.Faulty(String fault) ->
            new Reading.Refused<>(List.of(FILE + "`" + file + "`: " + fault));
      };
    } catch (IOException e) {
      return new Reading.Refused<>(
          List.of(FILE + "`" + file + "` cannot be read; say where the list is"));
    }
  }
}
