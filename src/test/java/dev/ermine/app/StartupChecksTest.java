package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.Stage;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartupChecksTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sandbox | SANDBOX",
        "prod | PRODUCTION",
        "dev | PRODUCTION",
        "test | PRODUCTION",
        "Sandbox | PRODUCTION",
        "prod,sandbox | PRODUCTION",
        "sandbox,prod | PRODUCTION",
      })
  void isInProductionUnlessTheSandboxAloneIsSaid(String profiles, Stage stage) {
    var settings = new SmallRyeConfigBuilder().withProfiles(List.of(profiles.split(","))).build();
    assertThat(StartupChecks.stage(settings)).isEqualTo(stage);
  }

  @Test
  void isInProductionWhereNothingIsSaid() {
    assertThat(StartupChecks.stage(new SmallRyeConfigBuilder().build()))
        .isEqualTo(Stage.PRODUCTION);
  }
}
