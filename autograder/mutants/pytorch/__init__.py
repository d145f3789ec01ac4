"""The known bugs of part 2, one file per component."""

from autograder.mutants.pytorch import focal_loss, my_model, reweight, solver, twolayer, vanilla_cnn

MUTANTS = (
    *twolayer.MUTANTS,
    *vanilla_cnn.MUTANTS,
    *my_model.MUTANTS,
    *reweight.MUTANTS,
    *focal_loss.MUTANTS,
    *solver.MUTANTS,
)
