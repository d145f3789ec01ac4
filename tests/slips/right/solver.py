import torch


class Solver:
    def _compute_loss_update_params(self, data, target):
        with torch.set_grad_enabled(self.model.training):
            output = self.model(data)
            loss = self.criterion(output, target)
        if self.model.training:
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
        return output, loss
